import { exact, micros } from '../../domain/units';
import { Section } from './Section';
import type { EdgeDetail } from './sentence';

export function TcpHealth({ tcp }: { tcp: NonNullable<EdgeDetail['tcp']> | null }) {
  const count = (value: string | null | undefined) =>
    value === null || value === undefined ? 'No data' : exact(value);
  const facts = tcp
    ? ([
        [
          'Round trip',
          !tcp.meanSmoothRtt ? 'No data' : micros(tcp.meanSmoothRtt),
          Number(tcp.maxSmoothRtt ?? 0) > 0 ? `at most ${micros(Number(tcp.maxSmoothRtt))}` : '',
        ],
        ['Retransmits', count(tcp.retransmissions), ''],
        [
          'Lost packets',
          count(tcp.lostPackets),
          tcp.unrecoveredTimeouts ? `${exact(tcp.unrecoveredTimeouts)} timeouts` : '',
        ],
      ] as const)
    : [];
  return (
    <Section title="TCP health" testid="panel-tcp">
      {facts.length === 0 && <p className="t3 section-note">No TCP statistics were reported.</p>}
      <dl className="tcp-facts">
        {facts.map(([name, value, note]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
            <dd className="t3">{note}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
