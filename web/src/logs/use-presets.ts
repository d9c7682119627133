import { useCallback } from 'react';
import { useApi } from '../api/context';
import { readProblem } from '../api/errors';
import { DeletePresetDocument, PresetsDocument, type SavedPreset, SavePresetDocument } from '../api/presets';
import { useAsk } from '../api/use-ask';
import type { PresetDocument } from './preset';

const NONE = {};

export interface Presets {
  all: readonly SavedPreset[] | null;
  problem: string | null;
  /** The new preset, or why it was not saved. */
  save: (document: PresetDocument, shared: boolean) => Promise<SavedPreset | string>;
  /** Why it was not deleted; null where it was. */
  remove: (preset: SavedPreset) => Promise<string | null>;
}

export const documentOf = (preset: SavedPreset): PresetDocument => preset.document as PresetDocument;

export function usePresets(): Presets {
  const { client } = useApi();
  const { data, problem, retry } = useAsk(PresetsDocument, NONE);
  const save = useCallback(
    async (document: PresetDocument, shared: boolean) => {
      const answer = await client.mutation(SavePresetDocument, { document, shared }).toPromise();
      retry();
      if (answer.error) return readProblem(answer.error).message;
      const { preset, problems } = answer.data?.savePreset ?? {};
      return preset ?? problems?.[0]?.message ?? 'It was not saved.';
    },
    [client, retry],
  );
  const remove = useCallback(
    async ({ id, version }: SavedPreset) => {
      const { data: gone, error } = await client.mutation(DeletePresetDocument, { id, version }).toPromise();
      retry();
      return error ? readProblem(error).message : (gone?.deletePreset.problems[0]?.message ?? null);
    },
    [client, retry],
  );
  return { all: data?.presets ?? null, problem: problem?.message ?? null, save, remove };
}
