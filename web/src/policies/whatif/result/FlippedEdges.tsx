import { IconArrowsMaximize } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { FlipNode } from '../../../api/simulation';
import { plural } from '../../../domain/units';
import { type Edge, layoutOf, type Placed, WIDTH } from './edge-layout';
import { EFFECT_WORDS } from './effects';

interface Props {
  flips: readonly FlipNode[];
  chosen: FlipNode | null;
  current: boolean;
  onChoose: (id: string) => void;
  onGraph: () => void;
}

/** The flipped edges as the service graph would draw them. The table beside it holds the same, so this is a picture. */
export function FlippedEdges({ flips, chosen, current, onChoose, onGraph }: Props) {
  const { height, boxes, sources, targets, edges, rest } = useMemo(() => layoutOf(flips), [flips]);
  const lit = chosen && edges.find((edge) => edge.flips.includes(chosen.id));
  return (
    <section
      className="flip-edges"
      aria-label="Flipped edges"
      data-testid="flip-edges"
      data-current={current}
    >
      <header>
        <h2>Flipped edges</h2>
        <span className="top-space" />
        <button type="button" className="button small quiet" onClick={onGraph} data-testid="open-in-graph">
          <IconArrowsMaximize size={14} stroke={1.75} aria-hidden />
          Open in graph
        </button>
      </header>
      <div className="flip-edges-scroll">
        <svg
          viewBox={`0 0 ${WIDTH} ${height}`}
          role="img"
          aria-label={`${plural(edges.length, 'flipped edge')}; the table lists them`}
        >
          {boxes.map(({ label, x, y, width, height: tall }) => (
            <g key={`${x} ${y}`}>
              <rect x={x} y={y - 2} width={width} height={tall + 2} rx={8} className="edge-box" />
              <text x={x + 8} y={y + 11} className="edge-group">
                {label}
              </text>
            </g>
          ))}
          {edges.map((edge) => (
            <Line key={edge.id} edge={edge} lit={edge === lit} onChoose={onChoose} />
          ))}
          {sources.map((node) => (
            <Node key={node.id} node={node} lit={chosen?.source.id === node.id} />
          ))}
          {targets.map((node) => (
            <Node key={node.id} node={node} lit={chosen?.target.id === node.id} />
          ))}
        </svg>
        {rest > 0 && <p className="t3">{plural(rest, 'more edge')} in the table.</p>}
      </div>
    </section>
  );
}

function Line({ edge, lit, onChoose }: { edge: Edge; lit: boolean; onChoose: (id: string) => void }) {
  const { end, middle, effect } = edge;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a picture of the table, which the keyboard walks
    <g
      className="flip-edge"
      data-effect={effect}
      data-lit={lit || undefined}
      data-testid="flip-edge"
      onClick={() => onChoose(edge.flips[0] ?? '')}
    >
      <title>{`${EFFECT_WORDS[effect]}: ${edge.title}`}</title>
      <path d={edge.path} className="edge-hit" />
      <path d={edge.path} className="edge-line" />
      {effect === 'NEWLY_DENIED' && <path d={`M${end.x + 1},${end.y - 5}v10`} className="edge-stop" />}
      {effect === 'NEWLY_ALLOWED' && (
        <path d={`M${end.x - 2},${end.y - 4}l7,4l-7,4z`} className="edge-arrow" />
      )}
      {effect === 'UNCERTAIN' && (
        <text x={middle.x} y={middle.y + 4} className="edge-doubt">
          ?
        </text>
      )}
    </g>
  );
}

const Node = ({ node, lit }: { node: Placed; lit: boolean }) => (
  <g className="edge-node" data-lit={lit || undefined}>
    <title>{node.title}</title>
    <rect
      x={node.x}
      y={node.y}
      width={node.width}
      height={node.height}
      rx={node.outside ? node.height / 2 : 6}
    />
    <text x={node.x + 9} y={node.y + 16}>
      {node.label}
    </text>
  </g>
);
