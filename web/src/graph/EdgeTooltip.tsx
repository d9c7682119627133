import { IconArrowRight, IconBan, IconCheck } from '@tabler/icons-react';
import type { Traffic } from '../domain/traffic';
import { bytes, short, span } from '../domain/units';
import type { View, ViewEdge } from './view';

interface Props {
  edge: ViewEdge;
  view: View;
  at: { x: number; y: number };
  bounds: { width: number; height: number };
  seconds: number;
  /** The words of a label that is no counter. */
  figure: string | null;
}

const WIDTH = 290;
const HEIGHT = 116;

export function EdgeTooltip({ edge, view, at, bounds, seconds, figure }: Props) {
  const name = (id: string) => view.nodes.find((node) => node.id === id)?.name ?? '';
  const left = Math.min(Math.max(8, at.x + 14), bounds.width - WIDTH - 8);
  const top = at.y + HEIGHT + 24 > bounds.height ? at.y - HEIGHT - 12 : at.y + 16;
  return (
    <div
      className="edge-tooltip"
      style={{ left, top, width: WIDTH }}
      data-testid="edge-tooltip"
      role="tooltip"
    >
      <p className="tooltip-head">
        <span className="cut">{name(edge.source)}</span>
        <IconArrowRight size={13} stroke={1.75} className="t3" />
        <span className="cut">{name(edge.target)}</span>
        <span className="t3 tooltip-span">{span(seconds * 1000)}</span>
      </p>
      <table>
        <thead className="visually-hidden">
          <tr>
            <th>Verdict</th>
            <th>Connections</th>
            <th>Packets</th>
            <th>Bytes</th>
          </tr>
        </thead>
        <tbody>
          <Row traffic={edge.edge.allowed} denied={false} />
          <Row traffic={edge.edge.denied} denied />
        </tbody>
      </table>
      {figure && (
        <p className="tooltip-foot">
          {figure}: {edge.label.text || 'not measured'}
        </p>
      )}
      {(edge.isNew || edge.edge.allowed.estimated) && (
        <p className="tooltip-foot">
          {edge.isNew && 'Not seen in the window before. '}
          {edge.edge.allowed.estimated && 'Numbers are estimates from samples.'}
        </p>
      )}
    </div>
  );
}

function Row({ traffic, denied }: { traffic: Traffic; denied: boolean }) {
  const none = traffic.records === 0;
  const about = traffic.estimated ? '~' : '';
  return (
    <tr data-none={none || undefined}>
      <th scope="row">
        <span className={`pill ${denied ? 'denied' : 'allowed'}`}>
          {denied ? <IconBan size={12} stroke={2.4} /> : <IconCheck size={12} stroke={2.6} />}
          {denied ? 'Denied' : 'Allowed'}
        </span>
      </th>
      <td className="num strong">{none ? '0' : about + short(traffic.connections)} conn</td>
      <td className="num">{none ? '0' : about + short(traffic.packets)} pkts</td>
      <td className="num">{none ? '0 B' : about + bytes(traffic.bytes)}</td>
    </tr>
  );
}
