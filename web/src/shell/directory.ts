/** What the command palette can go to: the nodes of the graph at hand, put here by its page. */
export interface Place {
  id: string;
  label: string;
  note: string;
  parent: string | null;
}

const listeners = new Set<() => void>();
let places: readonly Place[] = [];

export const directory = {
  replace(next: readonly Place[]): void {
    places = next;
    for (const listener of listeners) listener();
  },
  current: (): readonly Place[] => places,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
