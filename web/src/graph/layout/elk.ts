import ELK, { type ElkNode } from 'elkjs/lib/elk-api.js';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';
import type { Plan } from './plan';
import type { Point } from './size';

let elk: InstanceType<typeof ELK> | null = null;

/** Starts the worker, whose script is large, while the graph is still being asked for. */
export function warm(): InstanceType<typeof ELK> {
  elk ??= new ELK({ workerFactory: () => new Worker(workerUrl) });
  return elk;
}

/** Busy links decide which way a circle is cut. */
const priority = (weight: number): string => String(1 + Math.round(4 * Math.log10(1 + weight)));

/** The inside of the picture, laid out in a worker: left to right is who opens the connection. */
export async function layered(plan: Plan): Promise<Map<string, Point>> {
  const own = new Set(plan.inner.map((node) => node.id));
  const root: ElkNode = {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.spacing.nodeNode': '34',
      'elk.layered.spacing.nodeNodeBetweenLayers': '84',
      'elk.spacing.edgeNode': '18',
      'elk.layered.spacing.edgeNodeBetweenLayers': '18',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.layered.cycleBreaking.strategy': 'GREEDY',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      'elk.separateConnectedComponents': 'false',
      'elk.randomSeed': '1',
    },
    children: plan.inner.map((node) => ({ id: node.id, width: node.w, height: node.h })),
    edges: plan.links.flatMap((link, at) =>
      own.has(link.source) && own.has(link.target)
        ? {
            id: `l${at}`,
            sources: [link.source],
            targets: [link.target],
            layoutOptions: { 'elk.layered.priority.direction': priority(link.weight) },
          }
        : [],
    ),
  };
  const done = await warm().layout(root);
  return new Map((done.children ?? []).map((node) => [node.id, { x: node.x ?? 0, y: node.y ?? 0 }]));
}
