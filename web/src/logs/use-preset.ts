import { useCallback, useMemo } from 'react';
import type { SavedPreset } from '../api/presets';
import type { UrlState } from '../domain/url-state';
import { refined } from '../kql/conjuncts';
import type { Column } from './columns';
import { applied, type GroupQuery, type View, written } from './preset';
import { documentOf, type Presets, usePresets } from './use-presets';

export interface Chosen {
  presets: Presets;
  chosen: SavedPreset | null;
  /** Whether the filter is no longer the preset's. */
  changed: boolean;
  /** How the preset answers; by records where there is none. */
  view: View;
  /** What it groups by, where it does. */
  grouping: GroupQuery | null;
  pick: (preset: SavedPreset) => void;
  reset: () => void;
  openGroup: (part: string) => void;
  save: (words: { title: string; question: string }, shared: boolean) => Promise<string | null>;
  remove: () => Promise<string | null>;
}

/** The preset that the address names, and what can be done with it. */
export function usePreset(
  state: UrlState,
  columns: readonly Column[],
  update: (patch: Partial<UrlState>) => void,
): Chosen {
  const presets = usePresets();
  const chosen = presets.all?.find(({ id, kind }) => id === state.preset && kind === state.kind) ?? null;
  const document = useMemo(() => (chosen ? documentOf(chosen) : null), [chosen]);
  const grouping = document?.query ?? null;
  // Groups need something to group by.
  const grouped = document?.view === 'table' || document?.view === 'compare';
  const view = document?.view && (grouping || !grouped) ? document.view : 'logs';

  const pick = useCallback(
    (preset: SavedPreset) => {
      if (preset.kind !== 'ALERTS') update(applied(preset.id, preset.kind, documentOf(preset)));
    },
    [update],
  );
  const openGroup = useCallback(
    (part: string) => {
      const narrowed = grouping?.filter ? refined(state.query, grouping.filter) : state.query;
      update({ query: refined(narrowed, part), preset: null });
    },
    [grouping, state.query, update],
  );
  const save = async (words: { title: string; question: string }, shared: boolean) => {
    const fields = columns.flatMap((column) => column.fields);
    const saved = await presets.save(written(words, state, fields, document), shared);
    if (typeof saved === 'string') return saved;
    update({ preset: saved.id });
    return null;
  };
  const remove = async () => {
    const why = chosen ? await presets.remove(chosen) : null;
    if (why === null) update({ preset: null });
    return why;
  };
  return {
    presets,
    chosen,
    changed: document !== null && (document.filter ?? '') !== state.query,
    view,
    grouping,
    pick,
    reset: () => chosen && pick(chosen),
    openGroup,
    save,
    remove,
  };
}
