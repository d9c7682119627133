import { IconRefresh } from '@tabler/icons-react';
import type { DeliveryTarget } from '../../api/delivery';
import { visible } from '../../domain/names';
import { ago, plural } from '../../domain/units';
import { stateWords, waitingWords } from './words';

interface Props {
  target: DeliveryTarget;
  now: number;
  busy: boolean;
  onResend: (alert: string) => void;
}

/** How a target stands: what is in the way, and what its receiver would not have, which can be sent again. */
export function TargetStanding({ target, now, busy, onResend }: Props) {
  return (
    <>
      <dl data-testid="target-standing">
        <dt>State</dt>
        <dd>{stateWords(target, now)}</dd>
        {target.problem && (
          <>
            <dt>In the way</dt>
            <dd className="warn-ink">
              {visible(target.problem)} {plural(target.tries, 'try', 'tries')} so far.
            </dd>
          </>
        )}
        <dt>Waiting</dt>
        <dd>{waitingWords(target.waiting)}</dd>
      </dl>
      {target.failed > 0 && (
        <details className="kept-list" data-testid="target-failures">
          <summary>{plural(target.failed, 'alert')} given up</summary>
          <ul>
            {target.failures.map((failure) => (
              <li key={failure.alert}>
                <span>{visible(failure.title)}</span>
                <span className="t3">
                  {ago(Date.parse(failure.at), now)}: {visible(failure.reason)}
                </span>
                <button
                  type="button"
                  className="button small"
                  disabled={busy}
                  aria-label={`Send ${visible(failure.title)} again`}
                  onClick={() => onResend(failure.alert)}
                  data-testid="target-resend"
                >
                  <IconRefresh size={14} stroke={1.75} aria-hidden />
                  Send again
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
