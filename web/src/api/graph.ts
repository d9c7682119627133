import type { Graph, GraphChange, GraphNode, PlaceName } from '../domain/graph';
import { readTraffic } from '../domain/traffic';
import { graphql } from '../gql';
import type { ServiceGraphChangedSubscription, ServiceGraphQuery } from '../gql/graphql';
import { readColumns } from './columns';

export const ServiceGraphDocument = graphql(`
  query ServiceGraph($range: TimeRangeInput!, $clusters: [ID!], $level: GraphLevel!, $expand: [ID!], $filter: KQL, $limit: Int!) {
    serviceGraph(range: $range, clusters: $clusters, level: $level, expand: $expand, filter: $filter, limit: $limit) {
      range { from to }
      asOf
      columns
      truncated
      stale
    }
  }
`);

export const ServiceGraphChangedDocument = graphql(`
  subscription ServiceGraphChanged($level: GraphLevel!, $expand: [ID!], $filter: KQL, $clusters: [ID!], $last: Int!) {
    serviceGraphChanged(level: $level, expand: $expand, filter: $filter, clusters: $clusters, last: $last) {
      asOf
      range { from to }
      upsertedNodes {
        id kind name namespace cluster parentId members serviceId
        services(limit: 100) { namespace name }
        workloads(limit: 500) { namespace name }
      }
      upsertedEdges {
        id
        sourceId
        targetId
        allowed { records connections packets packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource estimated }
        denied { records connections packets packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource estimated }
      }
      removedIds
    }
  }
`);

export function readGraph(data: ServiceGraphQuery): Graph {
  const { range, asOf, columns, truncated, stale } = data.serviceGraph;
  return { ...readColumns(columns), from: range.from, to: range.to, asOf, truncated, stale };
}

export function readChange(data: ServiceGraphChangedSubscription): GraphChange {
  const change = data.serviceGraphChanged;
  return {
    asOf: change.asOf,
    from: change.range.from,
    to: change.range.to,
    nodes: change.upsertedNodes.map(readNode),
    edges: change.upsertedEdges.map((edge) => ({
      id: edge.id,
      source: edge.sourceId,
      target: edge.targetId,
      allowed: readTraffic(edge.allowed),
      denied: readTraffic(edge.denied),
    })),
    removed: change.removedIds,
  };
}

type Answered = ServiceGraphChangedSubscription['serviceGraphChanged']['upsertedNodes'][number];
type Told = 'services' | 'workloads' | 'serviceId';
type NodeAnswer = Omit<Answered, Told> & Partial<Pick<Answered, Told>>;

const readName = ({ namespace, name }: { namespace?: string | null; name: string }): PlaceName => ({
  namespace: namespace ?? null,
  name,
});

export function readNode(node: NodeAnswer): GraphNode {
  return {
    id: node.id,
    kind: node.kind,
    name: node.name,
    namespace: node.namespace ?? null,
    cluster: node.cluster,
    parentId: node.parentId ?? null,
    members: node.members ?? null,
    services: node.services?.map(readName) ?? [],
    workloads: node.workloads?.map(readName) ?? [],
    serviceId: node.serviceId ?? null,
  };
}
