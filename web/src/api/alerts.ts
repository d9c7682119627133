import type { Alert } from '../domain/alert';
import { visible } from '../domain/names';
import { graphql } from '../gql';
import type { AlertsQuery, IncidentsQuery } from '../gql/graphql';
import { readNode } from './graph';

export const AlertsDocument = graphql(`
  query Alerts($range: TimeRangeInput!, $clusters: [ID!], $filter: KQL, $first: Int!, $after: String) {
    alerts(range: $range, clusters: $clusters, filter: $filter, first: $first, after: $after) {
      edges {
        cursor
        node {
          id time kind rule title description severity level technique tactic status cluster protocol port edgeId evidence
          mitigations note triagedBy triagedAt
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
          mitigations note triagedBy triagedAt
        source { id kind name namespace cluster parentId members }
        target { id kind name namespace cluster parentId members }
      }
    }
  }
`);

/** All three at once, of which two are left out: what differs is the root alone. */
export const TriageDocument = graphql(`
  mutation Triage($id: ID!, $note: String!, $acknowledge: Boolean!, $dismiss: Boolean!, $reopen: Boolean!) {
    acknowledgeAlert(id: $id, note: $note) @include(if: $acknowledge) {
      alert { status note triagedBy triagedAt } problems { message }
    }
    dismissAlert(id: $id, note: $note) @include(if: $dismiss) {
      alert { status note triagedBy triagedAt } problems { message }
    }
    reopenAlert(id: $id, note: $note) @include(if: $reopen) {
      alert { status note triagedBy triagedAt } problems { message }
    }
  }
`);

/** Which alerts belong together; what they say is known already. */
export const IncidentsDocument = graphql(`
  query Incidents($range: TimeRangeInput!, $clusters: [ID!]) {
    incidents(range: $range, clusters: $clusters, limit: 500) {
      nodes { id title status severity level first last tactics alerts { id time title level status } }
    }
  }
`);

export type Incident = IncidentsQuery['incidents']['nodes'][number];
type AlertAnswer = AlertsQuery['alerts']['edges'][number]['node'];

export function readAlert(answer: AlertAnswer): Alert {
  return {
    ...answer,
    title: visible(answer.title),
    mitigations: answer.mitigations.map(visible),
    note: visible(answer.note),
    triagedBy: answer.triagedBy ? visible(answer.triagedBy) : null,
    triagedAt: answer.triagedAt ? Date.parse(answer.triagedAt) : null,
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
