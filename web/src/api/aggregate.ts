import { graphql } from '../gql';
import type { AggregateQuery, AggregateQueryVariables } from '../gql/graphql';

export const AggregateDocument = graphql(`
  query Aggregate(
    $clusters: [ID!], $kind: RecordKind!, $range: TimeRangeInput!, $filter: KQL, $groupBy: [String!]
    $metrics: [MetricInput!]!, $interval: Int, $limit: Int!, $reporters: ReporterRule!
  ) {
    aggregate(
      clusters: $clusters, kind: $kind, range: $range, filter: $filter, groupBy: $groupBy
      metrics: $metrics, interval: $interval, limit: $limit, reporters: $reporters
    ) { range { from to } interval starts columns groups truncated approximate }
  }
`);

export type AggregateAnswer = AggregateQuery['aggregate'];
export type AggregateAsk = Omit<AggregateQueryVariables, 'clusters'>;

/** How many questions go into one operation: the server admits 1,000 tokens and 20 root fields in one. */
export const TOGETHER = 6;

const TYPES = {
  kind: 'RecordKind!',
  range: 'TimeRangeInput!',
  filter: 'KQL',
  groupBy: '[String!]',
  metrics: '[MetricInput!]!',
  interval: 'Int',
  limit: 'Int!',
  reporters: 'ReporterRule!',
} as const;
type Name = keyof typeof TYPES;
const NAMES = Object.keys(TYPES) as Name[];
const documents = new Map<number, string>();

/** One document for each number of questions, so that a server which only answers known ones can know them. */
function documentFor(count: number): string {
  const known = documents.get(count);
  if (known) return known;
  const places = Array.from({ length: count }, (_, at) => at);
  const declared = places.map((at) => NAMES.map((name) => `$${name}${at}: ${TYPES[name]}`).join(' '));
  const asked = places.map((at) => {
    const given = NAMES.map((name) => `${name}: $${name}${at}`).join(' ');
    return `a${at}: aggregate(clusters: $clusters ${given}) { ...Told }`;
  });
  const made = [
    `query Aggregates($clusters: [ID!] ${declared.join(' ')}) { ${asked.join('\n')} }`,
    'fragment Told on Aggregate { range { from to } interval starts columns groups truncated approximate }',
  ].join('\n');
  documents.set(count, made);
  return made;
}

/** Several questions as one operation; the answers are `a0`, `a1` and so on. */
export function together(asks: readonly AggregateAsk[], clusters: string[] | null) {
  const variables: Record<string, unknown> = { clusters };
  asks.forEach((ask, at) => {
    for (const name of NAMES) variables[`${name}${at}`] = ask[name] ?? null;
  });
  return { document: documentFor(asks.length), variables };
}
