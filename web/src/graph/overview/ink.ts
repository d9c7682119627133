/** The theme's colours as the canvas needs them: read where it stands, since it knows no CSS. */
export interface Ink {
  card: string;
  rim: string;
  dot: string;
  quiet: string;
  denied: string;
  threat: string;
  brand: string;
  text: string;
  halo: string;
  line: string;
  bundle: string;
  deniedLine: string;
}

export function inkOf(element: Element): Ink {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    card: blend(token('l3'), token('canvas'), 0.1),
    rim: blend(token('l3'), token('canvas'), 0.45),
    dot: token('t2'),
    quiet: token('l3'),
    denied: token('deny'),
    threat: token('threat'),
    brand: token('brandText'),
    text: token('t1'),
    halo: token('canvas'),
    line: blend(token('edge'), token('canvas'), 0.4),
    bundle: blend(token('edge'), token('canvas'), 0.35),
    deniedLine: blend(token('deny'), token('canvas'), 0.85),
  };
}

/** So much of one `#rrggbb` over another: the graphics card would add what is half transparent up to white. */
export function blend(hex: string, under: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const [top, low] = [hex, under].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16));
    return Math.round((top ?? 0) * share + (low ?? 0) * (1 - share));
  });
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
