import { useEffect, useMemo, useRef, useState } from 'react';
import type { Alert } from '../domain/alert';
import { POWERS } from '../domain/ring-state';
import type { Measure } from '../domain/traffic';
import type { Selection } from '../domain/url-state';
import { useCanvasSize } from '../graph/use-canvas-size';
import { Arcs } from './Arcs';
import { labelsOf } from './labels';
import { litOf } from './lit';
import { Names } from './Names';
import { Ribbons } from './Ribbons';
import { RingTooltip } from './RingTooltip';
import type { Ring } from './ring';
import { shareOut } from './spans';
import { threatsOf } from './threats';
import type { useRingPointing } from './use-ring-pointing';

export interface RingActions {
  pickArc: (id: string) => void;
  pickGroup: (id: string) => void;
  pickLink: (edge: string) => void;
  enterArc: (id: string) => void;
  enterGroup: (id: string) => void;
  enterLink: (edge: string) => void;
  scale: (power: number) => void;
  clear: () => void;
}

interface Props {
  ring: Ring;
  measure: Measure;
  power: number;
  seconds: number;
  selection: Selection | null;
  matching: ReadonlySet<string> | null;
  alerts: readonly Alert[];
  pointing: ReturnType<typeof useRingPointing>;
  actions: RingActions;
  /** Changes as one goes in and out, so that the ring forms anew. */
  scene: string;
}

const STEP = 0.05;

/** The ring as a picture: ribbons beneath, arcs around them, names outside. */
export function RingCanvas(props: Props) {
  const { ring, measure, power, seconds, selection, matching, pointing, actions } = props;
  const box = useRef<HTMLDivElement>(null);
  const size = useCanvasSize(box);
  const [at, setAt] = useState({ x: 0, y: 0 });
  const { pointed, point, focused, setFocused } = pointing;

  const spans = useMemo(() => shareOut(ring, { measure, power }), [ring, measure, power]);
  const lit = useMemo(() => litOf(ring, pointed, matching), [ring, pointed, matching]);
  const threats = useMemo(() => threatsOf(ring, props.alerts), [ring, props.alerts]);
  const labels = useMemo(() => {
    const denied = ring.arcs.filter((arc) => arc.denied.records > 0).map(({ id }) => id);
    return labelsOf(ring, spans, size, new Set([...denied, ...threats.arcs.keys()]));
  }, [ring, spans, size, threats]);

  useWheel(box, power, actions.scale);

  const entry = focused && spans.arcs.has(focused) ? focused : ring.arcs[0]?.id;
  const { width, height } = size;
  return (
    <div
      ref={box}
      className="ring-canvas"
      role="application"
      aria-label="Flows between names as a ring. Arrow keys move along it, Enter shows one, T shows the same as a table."
      data-testid="ring-canvas"
      onMouseMove={(event) => setAt(placeIn(event.currentTarget, event.clientX, event.clientY))}
      onFocus={(event) => {
        const arc = event.target.getBoundingClientRect();
        setAt(placeIn(event.currentTarget, arc.left + arc.width / 2, arc.top + arc.height / 2));
      }}
    >
      {width > 0 && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: a press on the ground clears; Esc does it by key
        // biome-ignore lint/a11y/noSvgWithoutTitle: labelled, and a group of buttons rather than one image
        <svg
          key={props.scene}
          className="ring"
          width={width}
          height={height}
          viewBox={`${-width / 2} ${-height / 2} ${width} ${height}`}
          data-hushed={lit.links !== null || undefined}
          onClick={actions.clear}
        >
          <defs>
            <pattern
              id="ring-hatch"
              width="7"
              height="7"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="7" height="7" className="hatch-ground" />
              <path d="M1.5 0V7" className="hatch-line" />
            </pattern>
          </defs>
          <Ribbons
            ring={ring}
            spans={spans}
            radius={labels.radius}
            lit={lit.links}
            threats={threats.edges}
            selection={selection}
            onPoint={point}
            actions={actions}
          />
          <Arcs
            ring={ring}
            spans={spans}
            radius={labels.radius}
            lit={lit}
            threats={threats.arcs}
            selection={selection}
            entry={entry ?? null}
            measure={measure}
            seconds={seconds}
            onPoint={point}
            onFocus={setFocused}
            actions={actions}
          />
          <Names
            ring={ring}
            labels={labels}
            lit={lit}
            threats={threats.arcs}
            measure={measure}
            seconds={seconds}
          />
        </svg>
      )}
      {pointed && <RingTooltip ring={ring} pointed={pointed} at={at} bounds={size} seconds={seconds} />}
    </div>
  );
}

function placeIn(box: HTMLElement, x: number, y: number): { x: number; y: number } {
  const corner = box.getBoundingClientRect();
  return { x: x - corner.left, y: y - corner.top };
}

/** A wheel scales between what shows small ones and what is true to volume. */
function useWheel(box: React.RefObject<HTMLElement | null>, power: number, scale: (power: number) => void) {
  const latest = useRef({ power, scale });
  latest.current = { power, scale };
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey) return;
      event.preventDefault();
      const next = latest.current.power + (event.deltaY > 0 ? STEP : -STEP);
      latest.current.scale(Math.round(Math.max(POWERS.least, Math.min(POWERS.most, next)) * 100) / 100);
    };
    // React listens passively, and so could not keep the page from scrolling.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [box]);
}
