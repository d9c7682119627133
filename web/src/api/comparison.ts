import type { Comparison, EdgeChange } from '../domain/comparison';
import { graphql } from '../gql';
import type { CompareGraphsQuery } from '../gql/graphql';
import { readColumns, readCompared } from './columns';

export const CompareGraphsDocument = graphql(`
  query CompareGraphs($range: TimeRangeInput!, $before: TimeRangeInput!, $clusters: [ID!], $level: GraphLevel!, $expand: [ID!], $filter: KQL, $limit: Int!) {
    compareGraphs(range: $range, before: $before, clusters: $clusters, level: $level, expand: $expand, filter: $filter, limit: $limit) {
      before { from to }
      comparable
      truncated
      counts { change edges }
      columns
    }
  }
`);

export const CompareEdgeDocument = graphql(`
  query CompareEdge($id: ID!, $range: TimeRangeInput!, $before: TimeRangeInput!, $filter: KQL) {
    compareEdge(id: $id, range: $range, before: $before, filter: $filter) {
      before {
        range { from to }
        allowed { records connections packets packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource estimated }
        denied { records connections packets packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource estimated }
      }
      after {
        range { from to }
        allowed { records connections packets packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource estimated }
        denied { records connections packets packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource estimated }
      }
      policyChanges(limit: 12) { manifestId kind namespace name how decided version { from origin by } }
    }
  }
`);

export function readComparison(data: CompareGraphsQuery): Comparison {
  const { before, comparable, truncated, counts, columns } = data.compareGraphs;
  const { nodes, edges } = readColumns(columns);
  return {
    edges: new Map(readCompared(columns).map((edge) => [edge.id, edge])),
    nodes,
    both: edges,
    counts: Object.fromEntries(counts.map(({ change, edges }) => [change, edges])) as Record<
      EdgeChange,
      number
    >,
    from: before.from,
    to: before.to,
    comparable,
    truncated,
  };
}
