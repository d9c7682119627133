import type { Measured } from '../domain/edge-label';
import { graphql } from '../gql';
import type { EdgeFiguresQuery, EdgeMeasure } from '../gql/graphql';
import type { Figures } from '../graph/labels';

export const EdgeFiguresDocument = graphql(`
  query EdgeFigures($range: TimeRangeInput!, $clusters: [ID!], $level: GraphLevel!, $expand: [ID!], $filter: KQL, $measure: EdgeMeasure!) {
    edgeFigures(range: $range, clusters: $clusters, level: $level, expand: $expand, filter: $filter, measure: $measure, limit: 5000) {
      columns
      records
      truncated
    }
  }
`);

/** Whether there is a record that could tell each of the figures. */
export const FigureLogsDocument = graphql(`
  query FigureLogs($range: TimeRangeInput!, $clusters: [ID!]) {
    rtt: flows(range: $range, clusters: $clusters, filter: "tcp_mean_smooth_rtt > 0", first: 1) { nodes { id } }
    retransmissions: flows(range: $range, clusters: $clusters, filter: "tcp_total_retransmissions: * and proto: (tcp or 6)", first: 1) { nodes { id } }
    dns: dnsLogs(range: $range, clusters: $clusters, filter: "type: LOG and server_name_aggr: *", first: 1) { nodes { id } }
    http: l7Logs(range: $range, clusters: $clusters, filter: "response_code: * and dest_name_aggr: *", first: 1) { nodes { id } }
  }
`);

export const MEASURE_OF: Record<Measured, EdgeMeasure> = {
  rtt: 'RTT',
  retransmissions: 'RETRANSMISSIONS',
  dns: 'DNS_LATENCY',
  'dns-failures': 'DNS_FAILURES',
  http: 'HTTP_ERRORS',
};

/** The `EdgeFigureColumns` scalar. */
export interface EdgeFigureColumns {
  id: string[];
  value: number[];
  of: (number | null)[];
}

export function readFigures(data: EdgeFiguresQuery): Figures {
  const { id, value, of } = data.edgeFigures.columns;
  return new Map(id.map((edge, at) => [edge, { value: value[at] ?? 0, of: of[at] ?? null }]));
}
