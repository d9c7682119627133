import { graphql } from '../gql';
import type { PresetsQuery } from '../gql/graphql';

export const PresetsDocument = graphql(`
  query Presets { presets(limit: 500) { id title question explanation kind document builtin editable shared owner version } }
`);

export const SavePresetDocument = graphql(`
  mutation SavePreset($document: JSON!, $shared: Boolean) {
    savePreset(document: $document, shared: $shared) {
      preset { id title question explanation kind document builtin editable shared owner version }
      problems { message }
    }
  }
`);

export const DeletePresetDocument = graphql(`
  mutation DeletePreset($id: ID!, $version: Int) {
    deletePreset(id: $id, version: $version) { problems { message } }
  }
`);

export type SavedPreset = PresetsQuery['presets'][number];
