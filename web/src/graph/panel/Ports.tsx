import { attempts, readTraffic } from '../../domain/traffic';
import { exact } from '../../domain/units';
import { Section } from './Section';
import type { EdgeDetail } from './sentence';

/** Ports and protocols by connections, denied before allowed in each bar. */
export function Ports({ ports }: { ports: EdgeDetail['ports'] }) {
  const rows = ports.map((port) => ({
    key: `${port.protocol} ${port.port ?? '*'} ${port.service ?? ''}`,
    name: `${port.protocol} ${port.port ?? 'several'}`,
    service: port.service === '-' || port.service === '*' ? null : port.service,
    allowed: attempts(readTraffic(port.allowed)),
    denied: attempts(readTraffic(port.denied)),
  }));
  const most = Math.max(1, ...rows.map((row) => row.allowed + row.denied));
  const deniedOnly = rows.every((row) => row.allowed === 0);
  return (
    <Section title="Ports and protocols" note={deniedOnly ? 'attempts' : 'connections'} testid="panel-ports">
      {rows.length === 0 && <p className="t3 section-note">No port was named in these flows.</p>}
      <ul className="port-list">
        {rows.map((row) => (
          <li key={row.key}>
            <span className="mono">{row.name}</span>
            <span className="t3 cut">{row.service}</span>
            <span className="bar" aria-hidden>
              <span className="bar-denied" style={{ width: `${(row.denied / most) * 100}%` }} />
              <span className="bar-allowed" style={{ width: `${(row.allowed / most) * 100}%` }} />
            </span>
            <span className="num strong">
              {exact(row.allowed + row.denied)}
              {row.denied > 0 && <span className="visually-hidden">, {exact(row.denied)} denied</span>}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
