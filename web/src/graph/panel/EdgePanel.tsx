import './panel.css';
import '../nodes/nodes.css';
import { IconArrowNarrowRight, IconBan, IconCheck } from '@tabler/icons-react';
import { useMemo } from 'react';
import { ServiceEdgeDocument } from '../../api/edge';
import { readNode } from '../../api/graph';
import { useAsk } from '../../api/use-ask';
import type { GraphNode } from '../../domain/graph';
import { displayName, kindWord, visible } from '../../domain/names';
import type { AskedRange } from '../../domain/time';
import { isLive } from '../../domain/time';
import { span } from '../../domain/units';
import { iconOf } from '../nodes/icons';
import { Dns } from './Dns';
import { EdgeChanges } from './EdgeChanges';
import { Policies } from './Policies';
import { Ports } from './Ports';
import { Processes } from './Processes';
import { Reports } from './Reports';
import { verdictSentence } from './sentence';
import { TcpHealth } from './TcpHealth';

const DNS_PORT = 53;

interface Props {
  id: string;
  range: AskedRange;
  filter: string | null;
  isNew: boolean;
  /** What the graph is compared with, if it is. */
  compare: string | null;
  onPickNode: (id: string) => void;
}

export function EdgePanel({ id, range, filter, isNew, compare, onPickNode }: Props) {
  const { from, to } = range;
  const variables = useMemo(() => ({ id, range: { from, to }, filter }), [id, from, to, filter]);
  const { data, current, problem, retry } = useAsk(
    ServiceEdgeDocument,
    variables,
    isLive(range) ? 10_000 : 0,
  );
  const edge = data?.serviceEdge?.id === id ? data.serviceEdge : null;
  if (!edge) {
    if (problem) {
      return (
        <div className="panel-note" role="alert">
          The edge did not answer: {problem.message}
          <button type="button" className="button small" onClick={retry}>
            Try again
          </button>
        </div>
      );
    }
    if (current) {
      return (
        <>
          <p className="panel-note">Nothing flowed here in this range.</p>
          {compare && <EdgeChanges id={id} range={range} filter={filter} compare={compare} />}
        </>
      );
    }
    return (
      <div className="panel-wait" aria-busy="true">
        {[44, 92, 110, 140].map((height) => (
          <div key={height} className="skeleton" style={{ height }} />
        ))}
      </div>
    );
  }
  const verdict = verdictSentence(edge);
  const window = span(Date.parse(edge.range.to) - Date.parse(edge.range.from));
  const [source, target] = [readNode(edge.source), readNode(edge.target)];
  const denied = verdict.tone !== 'allowed';
  return (
    <div data-testid="edge-panel" data-edge-id={id} data-verdict={verdict.tone}>
      <div className="panel-ends">
        <End node={source} onPick={onPickNode} />
        <IconArrowNarrowRight
          size={20}
          stroke={1.5}
          className={denied ? 'deny-ink' : 'allow-ink'}
          aria-label="to"
        />
        <End node={target} onPick={onPickNode} />
      </div>
      <div className="verdict" data-tone={verdict.tone}>
        <p className="verdict-title">
          {denied ? (
            <IconBan size={16} stroke={2} aria-hidden />
          ) : (
            <IconCheck size={16} stroke={2.2} aria-hidden />
          )}
          {verdict.title}
          {isNew && <span className="tag-new">new</span>}
        </p>
        <p>{verdict.text}</p>
      </div>
      {compare && <EdgeChanges id={id} range={range} filter={filter} compare={compare} />}
      <Reports reports={edge.reports} window={window} />
      <Policies
        policies={edge.policies}
        source={displayName(source.kind, source.name)}
        target={displayName(target.kind, target.name)}
      />
      <Ports ports={edge.ports} />
      <Processes processes={edge.processes} />
      {edge.ports.some(({ port }) => port === DNS_PORT) && (
        <Dns source={source} target={target} range={edge.range} />
      )}
      <TcpHealth tcp={edge.tcp ?? null} />
    </div>
  );
}

function End({ node, onPick }: { node: GraphNode; onPick: (id: string) => void }) {
  const name = displayName(node.kind, node.name);
  const Icon = iconOf(node.kind, name);
  return (
    <button type="button" className="panel-end" onClick={() => onPick(node.id)} title={name}>
      <span className="icon-tile">
        <Icon size={16} stroke={1.7} aria-hidden />
      </span>
      <span className="node-words">
        <span className="t3 small-text cut">
          {node.kind === 'WORKLOAD'
            ? visible(node.namespace ?? '')
            : kindWord(node.kind) + (node.kind === 'SERVICE' ? ` in ${visible(node.namespace ?? '')}` : '')}
        </span>
        <span className="strong cut">{name}</span>
      </span>
    </button>
  );
}
