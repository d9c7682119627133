import { IconArrowRight } from '@tabler/icons-react';
import { inNamespace } from '../domain/names';
import { VerdictPill } from '../logs-dock/VerdictPill';
import { siblings } from './lit';
import { RATES, rateOf, sumOf } from './rates';
import type { Ring } from './ring';
import type { Pointed } from './use-ring-pointing';

interface Props {
  ring: Ring;
  pointed: NonNullable<Pointed>;
  at: { x: number; y: number };
  bounds: { width: number; height: number };
  seconds: number;
}

const WIDTH = 420;
const TALLEST = 190;

interface Line {
  id: string;
  from: string;
  to: string | null;
  verdict: 'allowed' | 'denied';
  rates: string[];
}

/** Rates of what is pointed at: of a ribbon each way, of an arc what touches it. */
export function RingTooltip({ ring, pointed, at, bounds, seconds }: Props) {
  const lines = linesOf(ring, pointed, seconds);
  if (!lines.length) return null;
  const left = Math.min(Math.max(8, at.x + 16), bounds.width - WIDTH - 8);
  const top = at.y + TALLEST > bounds.height ? Math.max(8, at.y - 20 - 44 * lines.length) : at.y + 18;
  return (
    <div
      className="ring-tooltip"
      style={{ left, top, width: WIDTH }}
      role="tooltip"
      data-testid="ring-tooltip"
    >
      {lines.map((line) => (
        <div key={line.id} className="ring-tooltip-line">
          <p className="tooltip-head">
            <VerdictPill verdict={line.verdict} />
            <span className="cut">{line.from}</span>
            {line.to !== null && (
              <>
                <IconArrowRight size={13} stroke={1.75} className="t3" aria-label="to" />
                <span className="cut">{line.to}</span>
              </>
            )}
          </p>
          <p className="num">
            {RATES.map(({ name }, index) => (
              <span key={name}>
                <strong>{line.rates[index]}</strong>
                {name === 'BPS' ? '/s' : ` ${name}`}
              </span>
            ))}
          </p>
        </div>
      ))}
    </div>
  );
}

function linesOf(ring: Ring, pointed: NonNullable<Pointed>, seconds: number): Line[] {
  const rates = (traffic: Parameters<typeof rateOf>[0]) =>
    RATES.map(({ measure }) => rateOf(traffic, measure, seconds));
  const groups = new Map(ring.groups.map((group) => [group.id, group]));
  const nameOf = (id: string) => {
    const arc = ring.arcs.find((each) => each.id === id);
    if (!arc) return '';
    return arc.kind === 'WORKLOAD' ? inNamespace(groups.get(arc.group)?.name, arc.name) : arc.name;
  };
  if (pointed.type === 'link') {
    const link = ring.links.find(({ id }) => id === pointed.id);
    if (!link) return [];
    return siblings(ring, link).map((each) => ({
      id: each.id,
      from: nameOf(each.source),
      to: nameOf(each.target),
      verdict: each.verdict,
      rates: rates(each.traffic),
    }));
  }
  const inside = new Set(
    pointed.type === 'arc'
      ? [pointed.id]
      : ring.arcs.filter((arc) => arc.group === pointed.id).map(({ id }) => id),
  );
  const name = pointed.type === 'arc' ? nameOf(pointed.id) : (groups.get(pointed.id)?.name ?? '');
  return (['allowed', 'denied'] as const).flatMap((verdict) => {
    const touching = ring.links.filter(
      (link) => link.verdict === verdict && (inside.has(link.source) || inside.has(link.target)),
    );
    if (!touching.length) return [];
    const traffic = sumOf(touching.map((link) => link.traffic));
    return [{ id: verdict, from: name, to: null, verdict, rates: rates(traffic) }];
  });
}
