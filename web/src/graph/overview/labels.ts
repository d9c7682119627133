import type { NodeDisplayData, PartialButFor } from 'sigma/types';
import { middle, visible } from '../../domain/names';
import type { Ink } from './ink';

type Labelled = PartialButFor<NodeDisplayData, 'x' | 'y' | 'size' | 'label' | 'color'>;

const FONT = "500 11px 'Inter Variable', system-ui, sans-serif";

/** A name below its disc, with a halo that keeps it legible above lines. */
export const drawsLabel = (ink: Ink) => (context: CanvasRenderingContext2D, data: Labelled) => {
  if (!data.label) return;
  const text = middle(visible(data.label), 28);
  context.font = FONT;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  context.lineJoin = 'round';
  context.lineWidth = 3;
  context.strokeStyle = ink.halo;
  context.fillStyle = ink.text;
  const [x, y] = [data.x, data.y + data.size + 2];
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
};

/** A ring around what is pointed at, with its name. */
export const drawsHover = (ink: Ink) => (context: CanvasRenderingContext2D, data: Labelled) => {
  context.beginPath();
  context.arc(data.x, data.y, data.size + 2, 0, 2 * Math.PI);
  context.lineWidth = 2;
  context.strokeStyle = ink.brand;
  context.stroke();
  drawsLabel(ink)(context, data);
};
