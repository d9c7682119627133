import { IconBan, IconCheck } from '@tabler/icons-react';
import { readTraffic } from '../../domain/traffic';
import { bytes, exact } from '../../domain/units';
import { Section } from './Section';
import type { Report } from './sentence';

const WORDS = {
  SRC: ['Source', 'egress'],
  DST: ['Destination', 'ingress'],
  FWD: ['Forwarding host', 'shown, never added'],
} as const;

/** What each side saw. The two are never added: they speak of the same packets. */
export function Reports({ reports, window }: { reports: readonly Report[]; window: string }) {
  const rows = (['SRC', 'DST', 'FWD'] as const).map((side) => ({
    side,
    report: reports.find((report) => report.reporter === side),
  }));
  return (
    <Section title="What each side reported" note={window} testid="panel-reports">
      <table className="reports">
        <thead>
          <tr>
            <th>
              <span className="visually-hidden">Side</span>
            </th>
            <th>
              <IconCheck size={12} stroke={2.6} className="allow-ink" aria-hidden /> Allowed
            </th>
            <th>
              <IconBan size={12} stroke={2.4} className="deny-ink" aria-hidden /> Denied
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ side, report }) =>
            report || side !== 'FWD' ? (
              <tr key={side} data-reporter={side}>
                <th scope="row">
                  <span className="strong">{WORDS[side][0]}</span>{' '}
                  <span className="t3">{WORDS[side][1]}</span>
                </th>
                {report ? (
                  <>
                    <Cell traffic={report.allowed} />
                    <Cell traffic={report.denied} denied />
                  </>
                ) : (
                  <td colSpan={2} className="t3">
                    No report
                  </td>
                )}
              </tr>
            ) : null,
          )}
        </tbody>
      </table>
    </Section>
  );
}

const counted = (value: string | number | null | undefined, unit: string) =>
  value === null || value === undefined ? `${unit} not counted` : `${exact(value)} ${unit}`;

function Cell({ traffic, denied }: { traffic: Report['allowed']; denied?: boolean }) {
  const none = traffic.records === '0';
  const total = readTraffic(traffic);
  const lines = [
    none ? '0 conn' : counted(traffic.connections, 'conn'),
    none ? '0 pkts' : counted(traffic.packets ?? total.packets, 'pkts'),
    none ? '0 B' : total.bytes === null ? 'bytes not counted' : bytes(total.bytes),
  ];
  return (
    <td className={`num ${denied && !none ? 'deny-ink' : ''}`} data-none={none || undefined}>
      <span className="strong">{lines[0]}</span>
      <span>{lines[1]}</span>
      <span>{lines[2]}</span>
    </td>
  );
}
