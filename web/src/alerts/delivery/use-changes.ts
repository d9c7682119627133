import { useMemo } from 'react';
import { change } from '../../api/changes';
import { useApi } from '../../api/context';
import {
  DeleteDeliveryTargetDocument,
  type DeliveryTarget,
  ResendDeliveryDocument,
  SaveDeliveryTargetDocument,
  TestDeliveryTargetDocument,
} from '../../api/delivery';

/** Changes of delivery targets; saving gives the target's id, a test what the receiver said. */
export function useChanges() {
  const { client } = useApi();
  return useMemo(
    () => ({
      save: (document: unknown, over: DeliveryTarget | null) =>
        change(
          client,
          SaveDeliveryTargetDocument,
          { document, id: over?.id ?? null, version: over?.version ?? null },
          ({ saveDeliveryTarget }) => saveDeliveryTarget.target?.id ?? '',
        ),
      remove: (target: DeliveryTarget) =>
        change(
          client,
          DeleteDeliveryTargetDocument,
          { id: target.id, version: target.version },
          () => 'Deleted.',
        ),
      test: (target: DeliveryTarget) =>
        change(
          client,
          TestDeliveryTargetDocument,
          { id: target.id },
          ({ testDeliveryTarget }) => testDeliveryTarget,
        ),
      resend: (target: DeliveryTarget, alert: string) =>
        change(
          client,
          ResendDeliveryDocument,
          { id: target.id, alert },
          ({ resendDelivery }) => resendDelivery,
        ),
    }),
    [client],
  );
}
