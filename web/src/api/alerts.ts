import type { Alert } from '../domain/alert';
import { visible } from '../domain/names';
import { graphql } from '../gql';
import type { AlertsQuery } from '../gql/graphql';
import { readNode } from './graph';

export const AlertsDocument = graphql(`
  query Alerts($range: TimeRangeInput!, $clusters: [ID!], $filter: KQL, $first: Int!, $after: String) {
    alerts(range: $range, clusters: $clusters, filter: $filter, first: $first, after: $after) {
      edges {
        cursor
        node {
          id time kind rule title description severity level technique tactic status cluster protocol port edgeId evidence
          source { id kind name namespace cluster parentId members }
          target { id kind name namespace cluster parentId members }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

export const AlertRaisedDocument = graphql(`
  subscription AlertRaised($clusters: [ID!], $after: String) {
    alertRaised(clusters: $clusters, after: $after) {
      cursor
      gap
      alert {
        id time kind rule title description severity level technique tactic status cluster protocol port edgeId evidence
        source { id kind name namespace cluster parentId members }
        target { id kind name namespace cluster parentId members }
      }
    }
  }
`);

type AlertAnswer = AlertsQuery['alerts']['edges'][number]['node'];

export function readAlert(answer: AlertAnswer): Alert {
  return {
    ...answer,
    title: visible(answer.title),
    description: visible(answer.description),
    time: Date.parse(answer.time),
    technique: answer.technique ?? null,
    tactic: answer.tactic ?? null,
    protocol: answer.protocol ?? null,
    port: answer.port ?? null,
    edgeId: answer.edgeId ?? null,
    source: answer.source ? readNode(answer.source) : null,
    target: answer.target ? readNode(answer.target) : null,
  };
}
