import { useEffect } from 'react';
import type { Graph } from '../domain/graph';
import { displayName, kindWord } from '../domain/names';
import { directory } from '../shell/directory';
import type { Members } from './groups';

/** Tells the command palette which nodes there are to go to, those in closed namespaces too. */
export function useDirectory(graph: Graph | null, members: Members): void {
  const shown = graph?.nodes.size ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a refresh of the same nodes is no news
  useEffect(() => {
    const known = new Map(
      [...(graph?.nodes.values() ?? []), ...members.all()].map((node) => [node.id, node]),
    );
    directory.replace(
      [...known.values()].map((node) => ({
        id: node.id,
        label: displayName(node.kind, node.name),
        note: node.kind === 'WORKLOAD' ? `Workload in ${node.namespace}` : kindWord(node.kind),
        parent: node.kind === 'NAMESPACE' ? null : node.parentId,
      })),
    );
  }, [shown, members]);
}
