import { IconBan, IconCheck, IconChevronsRight } from '@tabler/icons-react';
import { useMemo } from 'react';
import { type Evaluated, type PolicyTrace, PolicyTraceDocument, type Step } from '../api/policy-trace';
import { useAsk } from '../api/use-ask';
import { inNamespace, visible } from '../domain/names';
import { ruleWord } from '../graph/panel/sentence';
import { agreement, loggedSteps, pendingOf } from './decided';
import { dated } from './format';

const SIDES = { EGRESS: 'what leaves the source', INGRESS: 'what reaches the destination' };

/** What decides a flow: the way through the tiers as the record has it, and as the policies of then say. */
export function Decided({ flow }: { flow: string }) {
  const variables = useMemo(() => ({ flow }), [flow]);
  const { data, current, problem, retry } = useAsk(PolicyTraceDocument, variables);
  if (problem) {
    return (
      <p className="warn-ink" role="alert">
        The policies did not answer: {problem.message}{' '}
        <button type="button" className="button small" onClick={retry}>
          Try again
        </button>
      </p>
    );
  }
  if (!current) return <div className="skeleton" style={{ height: 200 }} aria-busy="true" />;
  const trace = data?.policyTrace;
  if (!trace) return <p className="t2">This record is no longer kept, or not yours to see.</p>;
  return <Trace trace={trace} />;
}

function Trace({ trace }: { trace: PolicyTrace }) {
  const { tone, text } = agreement(trace);
  const logged = loggedSteps(trace);
  const pending = pendingOf(trace);
  return (
    <div data-testid="decided" data-tone={tone}>
      <p className={`decided-sentence ${tone}`}>{text}</p>
      <p className="t3 decided-note">
        By the manifests as of {dated(trace.asOf)}, for {SIDES[trace.side]}.
      </p>
      {trace.warnings.map((warning) => (
        <p key={warning} className="record-note" data-testid="decided-warning">
          <span className="chip warn">Note</span> {visible(warning)}
        </p>
      ))}
      <section className="record-group">
        <h3>The record says</h3>
        {logged.length ? <Steps steps={logged} /> : <p className="t3">It names no policy.</p>}
      </section>
      {trace.enforced && (
        <section className="record-group">
          <h3>The policies in force say</h3>
          <Way evaluated={trace.enforced} />
        </section>
      )}
      {pending && (
        <section className="record-group">
          <h3>With all staged policies in force</h3>
          <Way evaluated={pending} />
        </section>
      )}
    </div>
  );
}

function Way({ evaluated }: { evaluated: Evaluated }) {
  const { steps, doubts } = evaluated;
  return (
    <>
      {steps.length ? <Steps steps={steps} /> : <p className="t3">No policy selects it.</p>}
      {doubts.length > 0 && (
        <ul className="decided-doubts">
          {doubts.map((doubt) => (
            <li key={doubt}>{visible(doubt)}</li>
          ))}
        </ul>
      )}
    </>
  );
}

const GLYPHS = { ALLOW: IconCheck, DENY: IconBan, PASS: IconChevronsRight };
const WORDS = { ALLOW: 'allows', DENY: 'denies', PASS: 'passes on' };

function Steps({ steps }: { steps: readonly Step[] }) {
  return (
    <ol className="decided-steps">
      {steps.map((step, place) => {
        const Glyph = GLYPHS[step.action];
        const name = inNamespace(step.namespace, visible(step.name));
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the order is what a step is known by
          <li key={place} data-action={step.action} data-testid="decided-step">
            <span className="step-glyph">
              <Glyph size={12} stroke={2.4} role="img" aria-label={WORDS[step.action]} />
            </span>
            <span className="t3 cut" title={visible(step.tier)}>
              {step.tier === '__PROFILE__' ? 'profile' : visible(step.tier) || 'no tier'}
            </span>
            <span className="strong cut" title={`${step.kind} ${name}`}>
              {step.kind === 'Profile' ? 'No policy selects it' : name}
            </span>
            <span className="t3 num">
              {step.staged && 'staged, '}
              {ruleWord(step)}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
