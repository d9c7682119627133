/** What a cluster's objects offer to a draft: names, and labels with their values. */
import { at, type Listed, labelsOf } from '../objects';

export interface Known {
  tiers: string[];
  namespaces: string[];
  serviceAccounts: string[];
  labels: ReadonlyMap<string, string[]>;
  namespaceLabels: ReadonlyMap<string, string[]>;
}

const BUILT_IN_TIERS = ['default', 'adminnetworkpolicy', 'baselineadminnetworkpolicy'];
const MOST_VALUES = 100;

export function knownOf(objects: readonly Listed[]): Known {
  const names = (kind: string) => objects.filter((each) => each.kind === kind).map(({ name }) => name);
  const endpoints = objects.filter(({ kind }) =>
    /^(Pod|HostEndpoint|NetworkSet|GlobalNetworkSet)$/.test(kind),
  );
  return {
    tiers: unique([...names('Tier'), ...BUILT_IN_TIERS]),
    namespaces: unique(names('Namespace')),
    serviceAccounts: unique(names('ServiceAccount')),
    labels: gathered(endpoints),
    namespaceLabels: gathered(
      objects.filter(({ kind }) => kind === 'Namespace'),
      (each) => ({ 'kubernetes.io/metadata.name': String(at(each.document, 'metadata', 'name')) }),
    ),
  };
}

const unique = (names: string[]): string[] => [...new Set(names)].sort();

function gathered(
  objects: readonly Listed[],
  more: (object: Listed) => Record<string, string> = () => ({}),
): Map<string, string[]> {
  const labels = new Map<string, Set<string>>();
  for (const object of objects)
    for (const [key, value] of Object.entries({ ...more(object), ...labelsOf(object.document) })) {
      const values = labels.get(key) ?? new Set();
      if (values.size < MOST_VALUES) values.add(value);
      labels.set(key, values);
    }
  return new Map(
    [...labels].sort(([a], [b]) => a.localeCompare(b)).map(([key, set]) => [key, [...set].sort()]),
  );
}
