import { KINDS, type LogKind } from '../domain/log-kinds';
import type { Tokens } from '../theme/tokens';

/** The histogram's colours: at most five bands a kind, the ordinary at the bottom, what is looked for on top. */
export interface Band {
  label: string;
  tone: keyof Tokens;
  /** Hatched, so that it is told apart without its colour. */
  hatched: boolean;
  total: number;
  counts: number[];
}

interface Series {
  key: string;
  counts: readonly string[];
}

type Rule = readonly [label: string, tone: keyof Tokens, matches: RegExp];

/** Severities are numbers, which a histogram cannot be split by: each of these is asked for itself. */
export const SEVERITY_BANDS: readonly { label: string; tone: keyof Tokens; filter: string }[] = [
  { label: 'Low', tone: 'pass', filter: 'severity < 40' },
  { label: 'Medium', tone: 'warn', filter: 'severity >= 40 and severity < 70' },
  { label: 'High', tone: 'deny', filter: 'severity >= 70 and severity < 90' },
  { label: 'Critical', tone: 'threat', filter: 'severity >= 90' },
];

const RULES: Record<LogKind, readonly Rule[]> = {
  FLOWS: [
    ['Allowed', 'edge', /^allow/],
    ['Denied', 'deny', /^den/],
  ],
  DNS: [
    ['NoError', 'edge', /^noerror$/i],
    ['NXDomain', 'warn', /^nxdomain$/i],
    ['ServFail', 'deny', /^servfail$/i],
    ['Unlogged or without', 'l3', /^-$/],
  ],
  L7: [
    ['2xx', 'edge', /^2/],
    ['3xx', 'info', /^3/],
    ['4xx', 'warn', /^4/],
    ['5xx', 'deny', /^5/],
  ],
  AUDIT: [
    ['Read', 'edge', /^(get|list|watch)$/],
    ['Created', 'info', /^create$/],
    ['Changed', 'warn', /^(update|patch)$/],
    ['Deleted', 'deny', /^delete/],
  ],
  BGP: [
    ['Up', 'edge', /^(established|up)$/i],
    ['No state told', 'l3', /^-$/],
    ['Not up', 'deny', /./],
  ],
  EVENTS: SEVERITY_BANDS.map(({ label, tone }): Rule => [label, tone, new RegExp(`^${label}$`)]),
};
const REST: Rule = ['Others', 'staged', /./];
const HATCHED = new Set<keyof Tokens>(['deny', 'threat']);

export function bandsOf(kind: LogKind, series: readonly Series[]): Band[] {
  const rules = [...RULES[kind], REST];
  const found = new Map<Rule, number[]>();
  for (const { key, counts } of series) {
    const rule = rules.find(([, , matches]) => matches.test(key)) ?? REST;
    const before = found.get(rule);
    found.set(
      rule,
      counts.map((count, at) => (before?.[at] ?? 0) + Number(count)),
    );
  }
  return rules.flatMap((rule) => {
    const counts = found.get(rule);
    const total = counts?.reduce((sum, count) => sum + count, 0) ?? 0;
    if (!counts || total === 0) return [];
    return [{ label: rule[0], tone: rule[1], hatched: HATCHED.has(rule[1]), total, counts }];
  });
}

export const tallest = (bands: readonly Band[]): number =>
  Math.max(
    1,
    ...(bands[0]?.counts ?? []).map((_, at) => bands.reduce((sum, band) => sum + (band.counts[at] ?? 0), 0)),
  );

export const splitBy = (kind: LogKind): string => `Split by ${KINDS[kind].byWord}`;
