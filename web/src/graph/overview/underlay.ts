import type Sigma from 'sigma';
import { CLEAR, type Line, type Spot } from './sketch';

const LAYER = 'discs';

/** Draws the discs of namespaces below all lines, so that what flows within them is seen. Follows the camera. */
export function underlay(sigma: Sigma<Spot, Line>, ink: () => { card: string; rim: string }): void {
  const canvas = sigma.createCanvas(LAYER, { beforeLayer: 'edges' });
  const context = canvas.getContext('2d');
  if (!context) return;
  sigma.on('afterRender', () => {
    const { width, height } = sigma.getDimensions();
    const sharp = devicePixelRatio;
    if (canvas.width !== width * sharp || canvas.height !== height * sharp) {
      canvas.width = width * sharp;
      canvas.height = height * sharp;
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    context.setTransform(sharp, 0, 0, sharp, 0, 0);
    context.clearRect(0, 0, width, height);
    const { card, rim } = ink();
    context.fillStyle = card;
    context.strokeStyle = rim;
    context.lineWidth = 1;
    sigma.getGraph().forEachNode((_, { x, y, size, color }) => {
      if (color !== CLEAR) return;
      const at = sigma.graphToViewport({ x, y });
      const r = sigma.scaleSize(size);
      if (at.x + r < 0 || at.y + r < 0 || at.x - r > width || at.y - r > height) return;
      context.beginPath();
      context.arc(at.x, at.y, r, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    });
  });
}
