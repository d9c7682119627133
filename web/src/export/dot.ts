/** The service graph in DOT, which Graphviz and others read. Pure. */
import { edgeVerdict, type Graph, type GraphNode } from '../domain/graph';
import { displayName, kindWord, visible } from '../domain/names';
import { attempts, type Traffic } from '../domain/traffic';
import { bytes, short } from '../domain/units';

const SHAPES: Record<GraphNode['kind'], string> = {
  NAMESPACE: 'box3d',
  SERVICE: 'hexagon',
  WORKLOAD: 'box',
  HOST: 'component',
  NETWORK_SET: 'folder',
  NETWORK: 'ellipse',
  FQDN: 'ellipse',
};

/** In quotes a backslash could begin an escape of Graphviz's own, and a quote would end the name. */
export const quoted = (text: string): string => `"${visible(text).replace(/[\\"]/g, (sign) => `\\${sign}`)}"`;

type Attributes = Record<string, string | number | null>;

/** What is not counted has no attribute. */
function listed(attributes: Attributes): string {
  const present = Object.entries(attributes).filter(([, value]) => value !== null);
  return `[${present.map(([name, value]) => `${name}=${quoted(String(value))}`).join(', ')}]`;
}

export function toDot(graph: Graph, title: string): string {
  const names = new Map([...graph.nodes.keys()].map((id, at) => [id, `n${at}`]));
  const homes = new Map<string, GraphNode[]>();
  const loose: GraphNode[] = [];
  for (const node of graph.nodes.values()) {
    if (!node.parentId) loose.push(node);
    else homes.set(node.parentId, [...(homes.get(node.parentId) ?? []), node]);
  }
  const nodeLine = (node: GraphNode) =>
    `${names.get(node.id)} ${listed({
      label: displayName(node.kind, node.name),
      shape: SHAPES[node.kind],
      kind: kindWord(node.kind),
      namespace: node.namespace,
      cluster: node.cluster,
    })};`;
  const lines = [
    `digraph ${quoted(title)} {`,
    '  rankdir="LR";',
    `  range_from=${quoted(graph.from)};`,
    `  range_to=${quoted(graph.to)};`,
    ...loose.map((node) => `  ${nodeLine(node)}`),
  ];
  [...homes.values()].forEach((nodes, at) => {
    const [first] = nodes;
    lines.push(`  subgraph cluster_${at} {`, `    label=${quoted(first?.namespace ?? '')};`);
    lines.push(...nodes.map((node) => `    ${nodeLine(node)}`), '  }');
  });
  for (const edge of graph.edges.values()) {
    const [source, target] = [names.get(edge.source), names.get(edge.target)];
    if (!source || !target) continue;
    const verdict = edgeVerdict(edge);
    const look: Attributes =
      verdict === 'allowed' ? {} : { color: 'red', style: verdict === 'denied' ? 'dashed' : 'solid' };
    const words = [amount(edge.allowed), edge.denied.records ? `${short(attempts(edge.denied))} denied` : ''];
    lines.push(
      `  ${source} -> ${target} ${listed({
        label: words.filter(Boolean).join(', '),
        verdict,
        ...look,
        ...counted('allowed', edge.allowed),
        ...counted('denied', edge.denied),
      })};`,
    );
  }
  return `${[...lines, '}'].join('\n')}\n`;
}

const amount = (traffic: Traffic): string =>
  traffic.records ? `${short(attempts(traffic))} conn, ${bytes(traffic.bytes)}` : '';

const counted = (verdict: string, traffic: Traffic): Attributes => ({
  [`${verdict}_records`]: traffic.records,
  [`${verdict}_connections`]: traffic.connections,
  [`${verdict}_packets`]: traffic.packets,
  [`${verdict}_bytes`]: traffic.bytes,
});
