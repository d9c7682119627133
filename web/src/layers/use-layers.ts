import { useCallback, useMemo } from 'react';
import { useApi } from '../api/context';
import { readProblem } from '../api/errors';
import { DeleteLayerDocument, LayersDocument, type SavedLayer, SaveLayerDocument } from '../api/layers';
import { useAsk } from '../api/use-ask';
import type { LayerDocument } from './layer';

const NONE = {};

export interface Layers {
  /** Null until they are known. */
  all: readonly SavedLayer[] | null;
  problem: string | null;
  /** A new layer, or over one that was read, or why it was not saved. `shared` null leaves that as it was. */
  save: (document: LayerDocument, shared: boolean | null, over?: SavedLayer) => Promise<string | null>;
  /** Why it was not deleted; null where it was. */
  remove: (layer: SavedLayer) => Promise<string | null>;
}

/** The layers that the reader may see; asked when they are wanted. */
export function useLayers(wanted: boolean): Layers {
  const { client } = useApi();
  const { data, problem, retry } = useAsk(LayersDocument, wanted ? NONE : null);
  const save = useCallback<Layers['save']>(
    async (document, shared, over) => {
      const asked = { document, shared, id: over?.id ?? null, version: over?.version ?? null };
      const { data: answer, error } = await client.mutation(SaveLayerDocument, asked).toPromise();
      retry();
      if (error) return readProblem(error).message;
      return answer?.saveLayer.layer ? null : (answer?.saveLayer.problems[0]?.message ?? 'It was not saved.');
    },
    [client, retry],
  );
  const remove = useCallback<Layers['remove']>(
    async ({ id, version }) => {
      const { data: gone, error } = await client.mutation(DeleteLayerDocument, { id, version }).toPromise();
      retry();
      return error ? readProblem(error).message : (gone?.deleteLayer.problems[0]?.message ?? null);
    },
    [client, retry],
  );
  const all = data?.layers ?? null;
  const why = problem?.message ?? null;
  return useMemo(() => ({ all, problem: why, save, remove }), [all, why, save, remove]);
}
