import Sigma from 'sigma';
import { EdgeLineProgram, EdgeRectangleProgram } from 'sigma/rendering';
import type { ViewNode } from '../view';
import type { Ink } from './ink';
import { drawsHover, drawsLabel } from './labels';
import { HEAVY, type Line, type Sketch, type Spot } from './sketch';
import { underlay } from './underlay';

export interface Calls {
  onPick: (node: ViewNode) => void;
  onOpen: (node: ViewNode) => void;
  onClear: () => void;
}

const DOUBLE = 230;
/** The camera's ratio above which lines between workloads are not told apart; 1 shows the whole. */
const FAR = 0.4;

/** What sigma draws on, with everything about pointing at it. */
export class Stage {
  private far = true;
  private picks: ReturnType<typeof setTimeout> | undefined;
  readonly sigma: Sigma<Spot, Line>;

  constructor(
    element: HTMLElement,
    sketch: Sketch,
    private ink: Ink,
    calls: () => Calls,
  ) {
    this.sigma = new Sigma<Spot, Line>(sketch, element, {
      ...this.settings(sketch),
      defaultEdgeType: 'thin',
      edgeProgramClasses: { thin: EdgeLineProgram, thick: EdgeRectangleProgram },
      edgeReducer: (_, line) => (line.seen && (line.seen === 'far') !== this.far ? { hidden: true } : line),
      itemSizesReference: 'positions',
      zoomToSizeRatioFunction: (ratio) => ratio,
      minEdgeThickness: 0.6,
      zIndex: true,
      stagePadding: 76,
      labelRenderedSizeThreshold: 7,
      labelDensity: 0.6,
      labelGridCellSize: 90,
      minCameraRatio: 0.02,
      maxCameraRatio: 2,
    });
    underlay(this.sigma, () => this.ink);
    this.point(element, calls);
    this.sigma.getCamera().on('updated', ({ ratio }) => this.look(ratio > FAR));
    this.sigma.refresh();
  }

  draw(sketch: Sketch, ink: Ink): void {
    this.ink = ink;
    this.sigma.setSettings(this.settings(sketch));
    this.sigma.setGraph(sketch);
  }

  /** Shows the whole, and holds it there: what comes later moves nothing else. */
  fit(): void {
    this.sigma.setCustomBBox(null);
    this.sigma.refresh();
    this.sigma.setCustomBBox(this.sigma.getBBox());
    this.sigma.getCamera().setState({ x: 0.5, y: 0.5, ratio: 1 });
  }

  kill(): void {
    clearTimeout(this.picks);
    this.sigma.kill();
  }

  private settings(sketch: Sketch) {
    return {
      hideEdgesOnMove: !this.far && sketch.size > HEAVY,
      defaultDrawNodeLabel: drawsLabel(this.ink),
      defaultDrawNodeHover: drawsHover(this.ink),
    };
  }

  private look(far: boolean): void {
    if (far === this.far) return;
    this.far = far;
    this.sigma.setSetting('hideEdgesOnMove', !far && this.sigma.getGraph().size > HEAVY);
    this.sigma.refresh({ schedule: true });
  }

  private point(element: HTMLElement, calls: () => Calls): void {
    const nodeAt = (id: string) => this.sigma.getGraph().getNodeAttribute(id, 'node');
    // The panel takes room: wait whether a second click follows, or it would miss its node.
    this.sigma.on('clickNode', ({ node }) => {
      clearTimeout(this.picks);
      const picked = nodeAt(node); // a refresh may take it from the graph meanwhile
      this.picks = setTimeout(() => calls().onPick(picked), DOUBLE);
    });
    this.sigma.on('doubleClickNode', ({ node, preventSigmaDefault }) => {
      preventSigmaDefault();
      clearTimeout(this.picks);
      calls().onOpen(nodeAt(node));
    });
    this.sigma.on('clickStage', () => calls().onClear());
    this.sigma.on('enterNode', () => {
      element.style.cursor = 'pointer';
    });
    this.sigma.on('leaveNode', () => {
      element.style.cursor = '';
    });
  }
}
