/** How a cluster is told apart: the colour that was chosen for it, and how its logs stand. */

/** Names that registrations know, and the colours of both themes that they stand for. */
export const PALETTE = {
  blue: '--c1',
  teal: '--c2',
  amber: '--c3',
  violet: '--c4',
  green: '--c5',
  pink: '--c6',
  slate: '--c7',
  olive: '--c8',
} as const;

const WRITTEN = /^#[0-9a-f]{6}$/i;

export const isWritten = (colour: string): boolean => WRITTEN.test(colour);

/** As CSS has it; null where there is none that is known. */
export function paint(colour: string | null | undefined): string | null {
  if (!colour) return null;
  if (isWritten(colour)) return colour;
  return Object.hasOwn(PALETTE, colour) ? `var(${PALETTE[colour as keyof typeof PALETTE]})` : null;
}

export const STATES = {
  RECEIVING: 'Receiving',
  LATE: 'Late',
  SILENT: 'Silent',
  NEVER: 'Nothing yet',
} as const;
export type State = keyof typeof STATES;
