import { IconBan, IconCheck, IconChevronsRight, IconHelp } from '@tabler/icons-react';
import { Fragment } from 'react';
import type { EndEvaluation, Step } from '../../../api/simulation';
import { visible } from '../../../domain/names';
import { stepName } from './reasons';
import { Arrow } from './Trace';
import { cardsOf } from './way';

interface Props {
  title: string;
  note: string;
  end: EndEvaluation | null;
  other: EndEvaluation | null;
  tiers: readonly string[];
  differs: number | null;
}

/** One way through the tiers, from left to right. */
export function TraceWay({ title, note, end, other, tiers, differs }: Props) {
  const cards = cardsOf(end, other, tiers, differs);
  return (
    <>
      <div className="way-title">
        <span className="strong">{title}</span>
        <span className="t3">{note}</span>
      </div>
      <ol className="way" aria-label={`${title}, ${note}`} data-testid={`way-${title.toLowerCase()}`}>
        {!end && (
          <li className="way-none t2">No policy can govern this end; it lies outside of the cluster.</li>
        )}
        {end && !cards.length && (
          <li className="way-none t2">
            {end.verdict === 'UNCERTAIN'
              ? 'No step is certain.'
              : 'No policy applies here, so it is allowed.'}
          </li>
        )}
        {cards.map((card, at) => (
          <Fragment
            key={
              'step' in card ? `${card.step.tier}/${card.step.kind}/${card.step.name}/${at}` : card.skipped
            }
          >
            {at > 0 && (
              <li className="way-arrow" aria-hidden>
                <Arrow />
              </li>
            )}
            {'step' in card ? <StepCard {...card} /> : <Skipped tier={card.skipped} />}
          </Fragment>
        ))}
        {end?.doubts.length ? <Doubts doubts={end.doubts} /> : null}
      </ol>
    </>
  );
}

function StepCard({ step, differs }: { step: Step; differs: boolean }) {
  return (
    <li
      className="step"
      data-action={step.action}
      data-differs={differs || undefined}
      aria-current={differs ? 'step' : undefined}
      data-testid="trace-step"
    >
      <span className="t3 cut">
        {visible(step.tier)}
        {step.namespace && ` · ${visible(step.namespace)}`}
        {step.staged && ' · staged'}
      </span>
      <span className="strong cut" title={stepName(step)}>
        {step.endOfTier ? 'No rule matches' : stepName(step)}
      </span>
      <Did step={step} />
      {differs && <span className="visually-hidden">Differs first here.</span>}
    </li>
  );
}

const DID = {
  ALLOW: { className: 'allowed', Icon: IconCheck, word: 'Allow' },
  DENY: { className: 'denied', Icon: IconBan, word: 'Deny' },
  PASS: { className: 'pass', Icon: IconChevronsRight, word: 'Pass' },
} as const;

function Did({ step }: { step: Step }) {
  const { className, Icon, word } = DID[step.action];
  return (
    <span className={`pill ${className}`}>
      <Icon size={12} stroke={2.4} aria-hidden />
      {step.endOfTier ? `${word} at end of tier` : word}
    </span>
  );
}

const Skipped = ({ tier }: { tier: string }) => (
  <li className="step skipped">
    <span className="t3 cut">{visible(tier)}</span>
    <span className="t2">No policy selects it</span>
    <span className="t3">Tier skipped</span>
  </li>
);

const Doubts = ({ doubts }: { doubts: readonly string[] }) => (
  <li className="doubts">
    {doubts.map((doubt) => (
      <span key={doubt} className="cut" title={visible(doubt)}>
        <IconHelp size={13} stroke={2} className="warn-ink" aria-hidden /> {visible(doubt)}
      </span>
    ))}
  </li>
);
