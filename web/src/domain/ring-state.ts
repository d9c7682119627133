/** What the address says of the ring alone. */
export const STATUSES = ['all', 'allowed', 'denied'] as const;
export type Status = (typeof STATUSES)[number];

export const LISTED = ['namespaces', 'workloads', 'paths'] as const;
export type Listed = (typeof LISTED)[number];

/** From the square root, which lets small ones be seen, to what is true to volume. */
export const POWERS = { least: 0.5, most: 1 } as const;

export function readPower(text: string | undefined): number {
  const value = Number(text);
  return text && value >= POWERS.least && value <= POWERS.most ? value : POWERS.least;
}
