import { behind, type GraphNode, type PlaceName } from '../domain/graph';
import { KINDS } from '../domain/log-kinds';
import { phrase, quote } from './quote';

/** Joins conditions; empty ones fall out, and an `or` inside one keeps its own brackets. */
export function allOf(parts: readonly (string | null | undefined)[]): string | null {
  const present = parts.map((part) => part?.trim()).filter((part): part is string => Boolean(part));
  if (present.length < 2) return present[0] ?? null;
  return present.map((part) => (/\bor\b|\bnot\b/i.test(part) ? `(${part})` : part)).join(' and ');
}

/** Records that touch one of the namespaces, as any of the fields names it; null where there are no such fields. */
export function inNamespaces(
  names: readonly string[],
  fields: readonly string[] = KINDS.FLOWS.namespaces,
): string | null {
  if (!names.length || !fields.length) return null;
  const list = names.length === 1 ? quote(names[0] as string) : `(${names.map(quote).join(' or ')})`;
  return fields.map((field) => `${field} : ${list}`).join(' or ');
}

/** Flows whose source or destination is this node. Names are phrases, since `*` in them is no wildcard. */
export function atEnd(side: 'source' | 'dest', node: GraphNode): string {
  const named = `${side}_name_aggr : ${phrase(node.name)}`;
  const namespace = node.namespace ? `${side}_namespace : ${phrase(node.namespace)}` : null;
  switch (node.kind) {
    case 'NAMESPACE':
      return `${side}_namespace : ${phrase(node.name)}`;
    case 'SERVICE': {
      // Who calls names the service; who is called, and what those behind it do themselves, names the workloads.
      const named = side === 'dest' ? (node.services ?? []).map(called) : [];
      return anyOf([...behind(node).map((each) => atEnd(side, each)), ...named]);
    }
    case 'WORKLOAD':
      return allOf([namespace, named]) ?? named;
    case 'HOST':
      return `${side}_type : hep and ${named}`;
    case 'NETWORK_SET':
      return allOf([`${side}_type : ns`, namespace, named]) ?? named;
    case 'NETWORK':
      // A destination with a domain is that domain's node, not the network's.
      return `${side}_network : ${phrase(node.name)}${side === 'dest' ? ' and not dest_domain : *' : ''}`;
    case 'FQDN':
      return `dest_domain : ${phrase(node.name)}`;
  }
}

const called = ({ namespace, name }: PlaceName): string =>
  allOf([
    namespace && `dest_service_namespace : ${phrase(namespace)}`,
    `dest_service_name : ${phrase(name)}`,
  ]) ?? '';

/** Nothing where there is none of them. */
const anyOf = (parts: readonly string[]): string =>
  parts.length ? parts.map((part) => `(${part})`).join(' or ') : 'not cluster : *';

export const between = (source: GraphNode, target: GraphNode): string | null =>
  allOf([atEnd('source', source), atEnd('dest', target)]);

/** DNS records of what some workloads or namespaces asked others; null where any of them is none of these. */
export function lookups(clients: readonly GraphNode[], servers: readonly GraphNode[]): string | null {
  const end = (side: 'client' | 'server') => (node: GraphNode) =>
    allOf([
      node.namespace && `${side}_namespace : ${phrase(node.namespace)}`,
      node.kind === 'NAMESPACE' ? null : `${side}_name_aggr : ${phrase(node.name)}`,
    ]) ?? '';
  const named = [...clients, ...servers].every(({ kind }) => kind === 'WORKLOAD' || kind === 'NAMESPACE');
  if (!named || !clients.length || !servers.length) return null;
  return allOf(['type : LOG', anyOf(clients.map(end('client'))), anyOf(servers.map(end('server')))]);
}

export function touching(node: GraphNode): string {
  if (node.kind === 'FQDN') return atEnd('dest', node);
  return `(${atEnd('source', node)}) or (${atEnd('dest', node)})`;
}
