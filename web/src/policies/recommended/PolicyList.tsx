import { IconFlask, IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { RecommendedPolicy } from '../../api/recommendation';
import { visible } from '../../domain/names';
import { exact } from '../../domain/units';
import type { OnFlows } from './FlowActions';
import { keyOf, share, sumsOf } from './model';
import { Rules } from './Rules';

interface Props {
  policies: readonly RecommendedPolicy[];
  chosen: string | null;
  current: boolean;
  onChoose: (key: string) => void;
  onFlows: OnFlows;
}

/** A policy a workload; the chosen one shows its rules. Arrows go from policy to policy. */
export function PolicyList({ policies, chosen, current, onChoose, onFlows }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const before = useRef(chosen);
  // What closes above it moves it away from where it was clicked.
  useEffect(() => {
    if (before.current !== chosen)
      list.current
        ?.querySelector('.recommended-head[aria-expanded=true]')
        ?.scrollIntoView({ block: 'nearest' });
    before.current = chosen;
  }, [chosen]);
  return (
    <ul
      ref={list}
      className="recommended-list"
      aria-label="Recommended policies"
      aria-busy={!current}
      data-current={current}
      onKeyDown={walk}
      data-testid="recommended-list"
    >
      {policies.map((policy) => {
        const key = keyOf(policy);
        const open = key === chosen;
        const sums = sumsOf(policy);
        return (
          <li key={key} data-open={open || undefined} data-testid="recommended">
            <button
              type="button"
              className="recommended-head"
              aria-expanded={open}
              onClick={() => onChoose(key)}
              data-testid="recommended-head"
            >
              <span className="recommended-name">
                <span className="cut mono">
                  <span className="t3">{visible(policy.namespace)}/</span>
                  {visible(policy.workload)}
                </span>
                {policy.kind.startsWith('Staged') && (
                  <IconFlask size={13} stroke={2} className="staged-ink" aria-label="staged" role="img" />
                )}
              </span>
              <span className="t2 num">
                {policy.ingress.length} in · {policy.egress.length} out
              </span>
              <span className="num right">
                {exact(sums.connections)} <span className="t3">conns</span>
              </span>
              <span className="num right">{share(sums.coverage)}</span>
              <span className={`num right ${sums.unused ? 'warn-ink' : 't3'}`}>
                {sums.unused ? `${exact(sums.unused)} never seen` : 'nothing unseen'}
              </span>
            </button>
            {open && (
              <div className="recommended-body">
                {policy.notes.map((note) => (
                  <p key={note} className="recommended-note">
                    <IconInfoCircle size={14} stroke={1.75} aria-hidden />
                    {visible(note)}
                  </p>
                ))}
                <Rules policy={policy} onFlows={onFlows} />
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** To the head of the policy above or below. */
function walk(event: React.KeyboardEvent<HTMLElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const head = (event.target as HTMLElement).closest<HTMLElement>('.recommended-head');
  if (!step || !head) return;
  event.preventDefault();
  const heads = [...event.currentTarget.querySelectorAll<HTMLElement>('.recommended-head')];
  const next = heads[heads.indexOf(head) + step];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
