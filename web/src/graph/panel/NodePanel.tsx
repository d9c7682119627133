import { IconBan, IconCheck, IconRadar2 } from '@tabler/icons-react';
import {
  edgesOf,
  edgeVerdict,
  type Graph,
  type GraphEdge,
  type GraphNode,
  type PlaceName,
} from '../../domain/graph';
import { displayName, isPlaced, kindWord, plainName, visible } from '../../domain/names';
import { addTraffic, attempts, NOTHING } from '../../domain/traffic';
import { bytes, short } from '../../domain/units';
import { iconOf } from '../nodes/icons';
import { Section } from './Section';

interface Props {
  graph: Graph;
  node: GraphNode;
  onPickEdge: (id: string) => void;
  onToggle: (() => void) | null;
  isOpen: boolean;
  /** Null where its packets cannot be captured from here. */
  onCapture?: (() => void) | null;
}

/** A node: what it exchanged, and its edges in and out. */
export function NodePanel({ graph, node, onPickEdge, onToggle, isOpen, onCapture = null }: Props) {
  const inside = (id: string) => id === node.id || graph.nodes.get(id)?.parentId === node.id;
  const { incoming, outgoing } = edgesOf(graph, inside);
  const name = displayName(node.kind, node.name);
  const Icon = iconOf(node.kind, name);
  const sum = (edges: GraphEdge[], key: 'allowed' | 'denied') =>
    edges.reduce((all, edge) => addTraffic(all, edge[key]), NOTHING);
  const all = [...incoming, ...outgoing];
  const denied = attempts(sum(all, 'denied'));
  const allowed = sum(all, 'allowed');
  return (
    <div data-testid="node-panel" data-node-id={node.id}>
      <div className="panel-node">
        <span className="icon-tile">
          <Icon size={17} stroke={1.7} aria-hidden />
        </span>
        <span className="node-words">
          <span className="t3 small-text cut">
            {kindWord(node.kind)}
            {isPlaced(node.kind) && node.namespace ? ` in ${visible(node.namespace)}` : ''} · {node.cluster}
          </span>
          <span className="panel-title">{name}</span>
        </span>
        {onToggle && (
          <button type="button" className="button small" onClick={onToggle}>
            {isOpen ? 'Close' : 'Open'}
          </button>
        )}
      </div>
      {onCapture && (
        <button
          type="button"
          className="button small node-capture"
          onClick={onCapture}
          data-testid="capture-node"
        >
          <IconRadar2 size={14} stroke={1.75} aria-hidden />
          Capture packets
        </button>
      )}
      <dl className="node-facts">
        <div>
          <dt>
            <IconCheck size={12} stroke={2.6} className="allow-ink" aria-hidden /> Allowed
          </dt>
          <dd>{short(attempts(allowed))}</dd>
        </div>
        <div>
          <dt>
            <IconBan size={12} stroke={2.4} className="deny-ink" aria-hidden /> Denied
          </dt>
          <dd className={denied ? 'deny-ink' : undefined}>{short(denied)}</dd>
        </div>
        <div>
          <dt>Volume</dt>
          <dd>{bytes(allowed.bytes)}</dd>
        </div>
      </dl>
      <Names title="Services" names={node.services ?? []} home={node.namespace} />
      <Names title="Workloads behind it" names={node.workloads ?? []} home={node.namespace} />
      <EdgeList title="Calls" edges={outgoing} graph={graph} end="target" onPick={onPickEdge} />
      <EdgeList title="Is called by" edges={incoming} graph={graph} end="source" onPick={onPickEdge} />
    </div>
  );
}

/** Names of services or workloads; of those in the node's own namespace the name alone. */
function Names({ title, names, home }: { title: string; names: readonly PlaceName[]; home: string | null }) {
  if (!names.length) return null;
  return (
    <Section title={title} note={names.length}>
      <ul className="edge-list">
        {names.slice(0, SHOWN).map(({ namespace, name }) => (
          <li key={`${namespace}\n${name}`} className="cut small-text">
            {namespace !== home && <span className="t3">{visible(namespace ?? '')}/</span>}
            {plainName(name)}
          </li>
        ))}
      </ul>
      {names.length > SHOWN && <p className="t3 section-note">and {names.length - SHOWN} more</p>}
    </Section>
  );
}

interface ListProps {
  title: string;
  edges: GraphEdge[];
  graph: Graph;
  end: 'source' | 'target';
  onPick: (id: string) => void;
}
const SHOWN = 40;

function EdgeList({ title, edges, graph, end, onPick }: ListProps) {
  const order = [...edges].sort(
    (a, b) => attempts(b.denied) - attempts(a.denied) || attempts(b.allowed) - attempts(a.allowed),
  );
  return (
    <Section title={title} note={edges.length || 'nobody'}>
      <ul className="edge-list">
        {order.slice(0, SHOWN).map((edge) => {
          const other = graph.nodes.get(edge[end]);
          const denied = edgeVerdict(edge) !== 'allowed';
          return (
            <li key={edge.id}>
              <button type="button" onClick={() => onPick(edge.id)} data-edge-id={edge.id}>
                {denied ? (
                  <IconBan size={13} stroke={2.2} className="deny-ink" role="img" aria-label="Denied" />
                ) : (
                  <IconCheck size={13} stroke={2.2} className="allow-ink" role="img" aria-label="Allowed" />
                )}
                <span className="cut">
                  {other && isPlaced(other.kind) && (
                    <span className="t3">{visible(other.namespace ?? '')}/</span>
                  )}
                  {other ? displayName(other.kind, other.name) : 'unknown'}
                </span>
                <span className="num">
                  {denied && <span className="deny-ink">{short(attempts(edge.denied))} </span>}
                  {attempts(edge.allowed) > 0 && short(attempts(edge.allowed))}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {order.length > SHOWN && (
        <p className="t3 section-note">and {order.length - SHOWN} more, in the table (T)</p>
      )}
    </Section>
  );
}
