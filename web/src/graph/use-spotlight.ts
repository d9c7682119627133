import { useMemo } from 'react';
import type { Selection, Show } from '../domain/url-state';
import { nodeIdOf, type View, type ViewEdge } from './view';

export interface Spotlight {
  /** Edges at full strength while something is pointed at, focused or selected. */
  lit: ReadonlySet<string>;
  litNodes: ReadonlySet<string>;
  hushed: boolean;
  fadedEdges: ReadonlySet<string>;
  fadedNodes: ReadonlySet<string>;
}

interface Input {
  view: View | null;
  hover: { type: 'node' | 'edge'; id: string } | null;
  selection: Selection | null;
  show: Show;
  /** Edges that the filter matches while it only highlights; null where it filters. */
  matching: ReadonlySet<string> | null;
  /** Edges of lookups in the cluster's DNS; null while nobody wants to know. */
  dns: ReadonlySet<string> | null;
}

/** What steps forward and what steps back. Hovering hushes the rest; a selection leaves it as it is. */
export function useSpotlight({ view, hover, selection, show, matching, dns }: Input): Spotlight {
  return useMemo(() => {
    const edges = view?.edges ?? [];
    const lit = new Set<string>();
    const litNodes = new Set<string>();
    const parents = new Map((view?.nodes ?? []).map((node) => [node.id, node.parent]));
    const touches = (edge: ViewEdge, id: string) =>
      [edge.source, edge.target].some((end) => end === id || parents.get(end) === id);
    for (const edge of edges) {
      const pointed = hover?.type === 'edge' ? edge.id === hover.id : hover ? touches(edge, hover.id) : false;
      const chosen = selection?.type === 'edge' && edge.id === selection.id;
      if (pointed || chosen) lit.add(edge.id);
      if (pointed) {
        for (const end of [edge.source, edge.target]) {
          litNodes.add(end);
          const parent = parents.get(end);
          if (parent) litNodes.add(parent);
        }
      }
    }
    if (hover?.type === 'node') {
      litNodes.add(hover.id);
      const parent = parents.get(hover.id);
      if (parent) litNodes.add(parent);
      for (const [id, owner] of parents) if (owner === hover.id) litNodes.add(id);
    }
    const out = (edge: ViewEdge) =>
      (show === 'denied' && edge.verdict === 'allowed') ||
      (show === 'new' && !edge.isNew) ||
      (show === 'changed' && !edge.change) ||
      (show === 'dns' && dns !== null && !dns.has(edge.id)) ||
      (matching !== null && !matching.has(edge.id));
    const fadedEdges = new Set(edges.filter(out).map((edge) => edge.id));
    const fadedNodes = new Set<string>();
    if (show !== 'all' || matching) {
      const kept = new Set<string>();
      for (const edge of edges) {
        if (fadedEdges.has(edge.id)) continue;
        for (const end of [edge.source, edge.target]) {
          kept.add(end);
          const parent = parents.get(end);
          if (parent) kept.add(parent);
        }
      }
      for (const node of view?.nodes ?? []) if (!kept.has(node.id)) fadedNodes.add(node.id);
    }
    return { lit, litNodes, hushed: hover !== null, fadedEdges, fadedNodes };
  }, [view, hover, selection, show, matching, dns]);
}

export const isSelected = (selection: Selection | null, viewId: string): boolean =>
  selection?.type === 'node' && selection.id === nodeIdOf(viewId);
