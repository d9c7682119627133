/** What MITRE ATT&CK calls tactics and techniques: all tactics of the enterprise matrix in its order, and the
 * techniques that rules of the product name. */

export const TACTICS: readonly (readonly [id: string, name: string])[] = [
  ['TA0043', 'Reconnaissance'],
  ['TA0042', 'Resource Development'],
  ['TA0001', 'Initial Access'],
  ['TA0002', 'Execution'],
  ['TA0003', 'Persistence'],
  ['TA0004', 'Privilege Escalation'],
  ['TA0005', 'Defense Evasion'],
  ['TA0006', 'Credential Access'],
  ['TA0007', 'Discovery'],
  ['TA0008', 'Lateral Movement'],
  ['TA0009', 'Collection'],
  ['TA0011', 'Command and Control'],
  ['TA0010', 'Exfiltration'],
  ['TA0040', 'Impact'],
];

export interface Technique {
  name: string;
  /** Where it stands unless whoever names it says another. */
  tactic: string;
}

const TECHNIQUES: Readonly<Record<string, Technique>> = {
  T1021: { name: 'Remote Services', tactic: 'TA0008' },
  T1040: { name: 'Network Sniffing', tactic: 'TA0006' },
  T1046: { name: 'Network Service Discovery', tactic: 'TA0007' },
  T1048: { name: 'Exfiltration Over Alternative Protocol', tactic: 'TA0010' },
  T1059: { name: 'Command and Scripting Interpreter', tactic: 'TA0002' },
  T1071: { name: 'Application Layer Protocol', tactic: 'TA0011' },
  'T1071.004': { name: 'DNS', tactic: 'TA0011' },
  T1562: { name: 'Impair Defenses', tactic: 'TA0005' },
  'T1562.007': { name: 'Disable or Modify Cloud Firewall', tactic: 'TA0005' },
  T1568: { name: 'Dynamic Resolution', tactic: 'TA0011' },
  'T1568.002': { name: 'Domain Generation Algorithms', tactic: 'TA0011' },
  T1609: { name: 'Container Administration Command', tactic: 'TA0002' },
};

/** A part of a technique that is not known by itself stands where the whole does, without a name of its own. */
export function techniqueOf(id: string): Partial<Technique> {
  const known = TECHNIQUES[id];
  if (known) return known;
  const whole = TECHNIQUES[id.split('.')[0] ?? ''];
  return whole ? { tactic: whole.tactic } : {};
}

/** An id that is not known is its own name. */
export const tacticName = (id: string): string => TACTICS.find(([each]) => each === id)?.[1] ?? id;
