export type Severity = 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW';
export const SEVERITIES: readonly Severity[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'];

const WORDS: Record<Severity, string> = { CRITICAL: 'Critical', HIGH: 'High', MEDIUM: 'Medium', LOW: 'Low' };
export const severityWord = (level: Severity): string => WORDS[level];

export function worst(levels: Iterable<Severity>): Severity | null {
  const present = new Set(levels);
  return SEVERITIES.find((level) => present.has(level)) ?? null;
}

/** As the API draws the lines. */
export const severityOf = (points: number): Severity =>
  points >= 90 ? 'CRITICAL' : points >= 70 ? 'HIGH' : points >= 40 ? 'MEDIUM' : 'LOW';
