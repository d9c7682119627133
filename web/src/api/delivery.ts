import { graphql } from '../gql';
import type { DeliveryTargetsQuery } from '../gql/graphql';

export const DeliveryTargetsDocument = graphql(`
  query DeliveryTargets {
    deliveryTargets {
      id title kind address enabled version document
      delivered deliveredAt failed failures { title alert reason at } tries problem nextTryAt waiting
    }
  }
`);

export const SaveDeliveryTargetDocument = graphql(`
  mutation SaveDeliveryTarget($document: JSON!, $id: ID, $version: Int) {
    saveDeliveryTarget(document: $document, id: $id, version: $version) {
      target { id } problems { code message path }
    }
  }
`);

export const DeleteDeliveryTargetDocument = graphql(`
  mutation DeleteDeliveryTarget($id: ID!, $version: Int) {
    deleteDeliveryTarget(id: $id, version: $version) { target { id } problems { code message path } }
  }
`);

export const TestDeliveryTargetDocument = graphql(`
  mutation TestDeliveryTarget($id: ID!) {
    testDeliveryTarget(id: $id) { delivered answer problems { code message path } }
  }
`);

export const ResendDeliveryDocument = graphql(`
  mutation ResendDelivery($id: ID!, $alert: ID!) {
    resendDelivery(id: $id, alert: $alert) {
      delivered answer target { id failed } problems { code message path }
    }
  }
`);

export type DeliveryTarget = DeliveryTargetsQuery['deliveryTargets'][number];
export type ReceiverKind = DeliveryTarget['kind'];
