/** Which colour role a group has: what means something keeps its meaning, the rest goes by place. */
const CATEGORIES = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8'];
const FINE = ['edge', 'c5', 'allow', 'c2'];
const ELSEWHERE = ['info', 'c1', 'c4'];
const THEIRS = ['warn', 'c3', 'c8'];
const OURS = ['deny', 'c6', 'threat'];

const MEANINGS: Record<string, Record<string, string[]>> = {
  action: { allow: FINE, deny: OURS, pass: ['pass'] },
  rcode: { NoError: FINE, NXDomain: THEIRS, ServFail: OURS, Refused: ['threat'] },
  state: { Established: FINE, up: FINE, down: OURS },
  type: { UNLOGGED: ['l3'] },
};
const CLASSES: Record<string, string[]> = { '2': FINE, '3': ELSEWHERE, '4': THEIRS, '5': OURS };

/** Of what is summed up as one, and of what is not known. */
export const REST = 'l3';

/** A colour for each key of a field, in their order; groups that mean the same get kindred ones. */
export function tonesOf(field: string | undefined, keys: readonly (string | null)[]): string[] {
  const used = new Set<string>();
  // What means nothing by itself must not look as if it were fine.
  const free = field && hasMeaning(field) ? CATEGORIES.filter((tone) => !FINE.includes(tone)) : CATEGORIES;
  let place = 0;
  return keys.map((key) => {
    if (key === null) return REST;
    const meant =
      field === 'response_code' ? CLASSES[key[0] ?? ''] : field ? MEANINGS[field]?.[key] : undefined;
    const tone = meant
      ? (meant.find((each) => !used.has(each)) ?? meant.at(-1) ?? REST)
      : (free[place++ % free.length] ?? REST);
    used.add(tone);
    return tone;
  });
}

/** Groups that hang below the axis. */
export const hangs = (field: string | undefined, key: string | null | undefined): boolean =>
  field === 'action' && key === 'deny';

export const hasMeaning = (field: string): boolean =>
  field === 'response_code' || Object.hasOwn(MEANINGS, field);
