import { IconClockPause } from '@tabler/icons-react';
import type { RecommendedRule } from '../../api/recommendation';
import { inNamespace, visible } from '../../domain/names';
import { exact, plural } from '../../domain/units';

/** How much a rule permits that was never seen, and what. */
export function UnusedList({ rule }: { rule: RecommendedRule }) {
  const pairs = Number(rule.unusedPairs);
  if (!pairs) return <p className="t3">Permits nothing that was not seen.</p>;
  const named = rule.unused.reduce(
    (sum, { endpoints, ports }) => sum + endpoints * Math.max(1, ports.length),
    0,
  );
  return (
    <details className="rule-unused" data-testid="rule-unused">
      <summary>
        <IconClockPause size={13} stroke={2} className="warn-ink" aria-hidden />
        Permits {plural(pairs, 'pair')} of endpoint and port never seen
      </summary>
      <ul className="mono">
        {rule.unused.map(({ namespace, name, ports, endpoints }) => (
          <li key={`${namespace}/${name}/${ports.join()}`}>
            {inNamespace(namespace, visible(name))}
            {ports.length > 0 && <span className="t3">:{ports.join(', ')}</span>}
            {endpoints > 1 && <span className="t3"> · {endpoints} endpoints</span>}
          </li>
        ))}
      </ul>
      {named < pairs && <p className="t3">and {exact(pairs - named)} more</p>}
    </details>
  );
}
