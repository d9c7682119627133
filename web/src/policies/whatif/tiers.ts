/** A cluster's tiers in the order of evaluation. */
import { at, type Listed } from './objects';

/** Those that are there without a manifest, by Calico's defaults. */
const BUILT_IN: readonly [string, number][] = [
  ['adminnetworkpolicy', 1000],
  ['default', 1_000_000],
  ['baselineadminnetworkpolicy', 10_000_000],
];

export function tiersOf(objects: readonly Listed[]): string[] {
  const orders = new Map(BUILT_IN);
  for (const { kind, name, document } of objects) {
    if (kind !== 'Tier') continue;
    const order = at(document, 'spec', 'order');
    orders.set(name, typeof order === 'number' ? order : (orders.get(name) ?? Number.POSITIVE_INFINITY));
  }
  return [...orders].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1)).map(([name]) => name);
}
