import { IconBan, IconCheck, IconHelp, IconSchool, IconShieldX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Recommendation } from '../../api/recommendation';
import { exact, plural } from '../../domain/units';
import { seen, share } from './model';

/** What was learnt from, and how the policies would have done on the rest. */
export function HeldOut({ told, current }: { told: Recommendation; current: boolean }) {
  const { test, learnt } = told;
  return (
    <dl className="flip-numbers" data-current={current} aria-busy={!current} data-testid="held-out">
      <Figure
        icon={<IconSchool size={14} stroke={1.75} className="t3" aria-hidden />}
        title="Learnt from"
        value={exact(told.connections)}
        note={learnt ? `connections, ${seen(learnt.from, learnt.to)}` : 'connections'}
        testId="learnt"
      />
      {test ? (
        <>
          <Figure
            icon={<IconBan size={14} stroke={2} className="deny-ink" aria-hidden />}
            title="Legitimate, would be denied"
            value={exact(test.legitimate.denied)}
            ink={test.legitimate.denied === '0' ? '' : 'deny-ink'}
            note={`${share(test.legitimate.shareDenied)} of ${exact(test.legitimate.connections)} later`}
            testId="legitimate"
          />
          <Figure
            icon={<IconHelp size={14} stroke={2} className="warn-ink" aria-hidden />}
            title="Uncertain"
            value={exact(test.legitimate.uncertain)}
            ink={test.legitimate.uncertain === '0' ? '' : 'warn-ink'}
            note="records do not tell"
            testId="uncertain"
          />
          <Figure
            icon={<IconShieldX size={14} stroke={1.75} className="t3" aria-hidden />}
            title="Unwanted, would be denied"
            value={exact(test.unwanted.denied)}
            note={
              test.unwanted.connections === '0'
                ? 'none was seen later'
                : `of ${exact(test.unwanted.connections)} later`
            }
            testId="unwanted-denied"
          />
          <Figure
            icon={<IconCheck size={14} stroke={2} className="allow-ink" aria-hidden />}
            title="Newly allowed"
            value={exact(test.newlyAllowed)}
            note="were denied"
            testId="newly-allowed"
          />
        </>
      ) : (
        <div className="held-none">
          <dt>Not tested</dt>
          <dd className="t3">Nothing was held out. Learn from a part of the range to test on the rest.</dd>
        </div>
      )}
    </dl>
  );
}

interface FigureProps {
  icon: ReactNode;
  title: string;
  value: string;
  note: string;
  ink?: string;
  testId: string;
}

const Figure = ({ icon, title, value, note, ink = '', testId }: FigureProps) => (
  <div data-testid={testId}>
    <dt>
      {icon}
      {title}
    </dt>
    <dd>
      <span className={`big num ${ink}`}>{value}</span>
      <span className="t3">{note}</span>
    </dd>
  </div>
);

/** What the answer does not hold. */
export function Missing({ told }: { told: Recommendation }) {
  const more = told.total - told.policies.length;
  return (
    <>
      {more > 0 && (
        <p className="flip-warning" data-testid="more-policies">
          {plural(more, 'more policy', 'more policies')} of {told.total} are not shown. Choose namespaces to
          see them.
        </p>
      )}
      {told.leftOut !== '0' && (
        <p className="flip-warning">
          {plural(Number(told.leftOut), 'record')} of an earlier version are not ready to be learnt from, and
          were left out.
        </p>
      )}
    </>
  );
}
