/** A picture on a canvas, and so as PNG. */
import { type Colour, HATCH, MONO, type Path, type Picture, SANS, type Words } from './picture';

const SHARP = 2;
/** Browsers refuse canvases that are much larger. */
const LARGEST = 8192;

export async function toPng(picture: Picture): Promise<Blob> {
  const scale = Math.min(SHARP, LARGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(picture.width * scale);
  canvas.height = Math.ceil(picture.height * scale);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser has no canvas to draw on.');
  context.scale(scale, scale);
  context.translate(-picture.x, -picture.y);
  context.fillStyle = css(picture.ground);
  context.fillRect(picture.x, picture.y, picture.width, picture.height);
  for (const shape of picture.shapes) {
    context.save();
    context.transform(...shape.matrix);
    if (shape.kind === 'path') paintPath(context, shape);
    else paintWords(context, shape);
    context.restore();
  }
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (!blob) throw new Error('The picture is too large for this browser; take SVG.');
  return blob;
}

const css = ({ hex, alpha }: Colour): string =>
  `${hex}${Math.round(alpha * 255)
    .toString(16)
    .padStart(2, '0')}`;

function paintPath(context: CanvasRenderingContext2D, path: Path) {
  const outline = new Path2D(path.d);
  if (path.fill) {
    context.fillStyle = path.hatched ? hatch(context, path.fill) : css(path.fill);
    context.fill(outline);
  }
  if (path.stroke) {
    context.strokeStyle = css(path.stroke);
    context.lineWidth = path.width;
    context.setLineDash([...path.dash]);
    context.lineCap = path.round ? 'round' : 'butt';
    context.stroke(outline);
  }
}

function hatch(context: CanvasRenderingContext2D, { hex, alpha }: Colour): CanvasPattern | string {
  const tile = document.createElement('canvas');
  tile.width = HATCH;
  tile.height = HATCH;
  const brush = tile.getContext('2d');
  if (!brush) return css({ hex, alpha: alpha * 0.3 });
  brush.fillStyle = css({ hex, alpha: alpha * 0.16 });
  brush.fillRect(0, 0, HATCH, HATCH);
  brush.fillStyle = css({ hex, alpha: alpha * 0.75 });
  brush.fillRect(0.4, 0, 2.2, HATCH);
  const pattern = context.createPattern(tile, 'repeat');
  pattern?.setTransform(new DOMMatrix().rotate(45));
  return pattern ?? css({ hex, alpha: alpha * 0.3 });
}

function paintWords(context: CanvasRenderingContext2D, words: Words) {
  context.font = `${words.weight} ${words.size}px ${words.mono ? MONO : SANS}`;
  context.textAlign = words.anchor === 'middle' ? 'center' : words.anchor;
  context.fillStyle = css(words.fill);
  context.fillText(words.text, 0, 0);
}
