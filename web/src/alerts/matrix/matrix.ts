/** Alerts and rules by the tactic and technique of MITRE ATT&CK that they name. */
import { type Severity, severityOf } from '../../domain/severity';
import { quote } from '../../kql/quote';
import { TACTICS, tacticName, techniqueOf } from './attack';

interface Named {
  technique?: string | null;
  tactic?: string | null;
}

/** How many alerts name the same, and the highest severity among them, 1 to 100. */
export interface Counted extends Named {
  count: number;
  severity: number;
}

export interface Watching extends Named {
  title: string;
  enabled: boolean;
}

export interface Cell {
  key: string;
  /** Null stands for what names its tactic only. */
  technique: string | null;
  name: string;
  count: number;
  /** The highest of its alerts; null where there are none. */
  severity: Severity | null;
  /** Titles of rules that are on and name it. */
  rules: string[];
  /** Its alerts, as KQL over alerts. */
  filter: string;
}

export interface Column {
  /** Null is the bucket of techniques whose tactic nobody says. */
  tactic: string | null;
  name: string;
  count: number;
  cells: Cell[];
}

export interface Matrix {
  columns: Column[];
  /** Alerts that name neither. */
  unplaced: number;
  /** Names of tactics that neither rules nor alerts name. */
  uncovered: string[];
}

/** Alerts that name neither, as KQL over alerts. */
export const UNPLACED = 'not technique : * and not tactic : *';

interface Growing {
  technique: string | null;
  tactic: string | null;
  /** The tactics that were named with it, null where none was. */
  named: Set<string | null>;
  count: number;
  points: number;
  rules: string[];
}

export function matrixOf(alerts: readonly Counted[], rules: readonly Watching[]): Matrix {
  const growing = new Map<string, Growing>();
  const at = ({ technique = null, tactic = null }: Named): Growing | null => {
    if (!technique && !tactic) return null;
    const place = tactic ?? techniqueOf(technique ?? '').tactic ?? null;
    const key = `${place} ${technique}`;
    const fresh = {
      technique,
      tactic: place,
      named: new Set<string | null>(),
      count: 0,
      points: 0,
      rules: [],
    };
    const cell = growing.get(key) ?? fresh;
    growing.set(key, cell);
    cell.named.add(tactic);
    return cell;
  };
  let unplaced = 0;
  for (const each of alerts) {
    const cell = at(each);
    if (!cell) unplaced += each.count;
    else {
      cell.count += each.count;
      cell.points = Math.max(cell.points, each.severity);
    }
  }
  for (const rule of rules) if (rule.enabled) at(rule)?.rules.push(rule.title);
  const every = [...growing.values()];
  const columns = orderOf(every).map((tactic): Column => {
    const cells = every.filter((cell) => cell.tactic === tactic).sort(worstFirst);
    const count = cells.reduce((sum, cell) => sum + cell.count, 0);
    const name = tactic === null ? 'Other techniques' : tacticName(tactic);
    return { tactic, name, count, cells: cells.map((cell) => shown(cell, every)) };
  });
  const covered = new Set(columns.map(({ tactic }) => tactic));
  const uncovered = TACTICS.filter(([id]) => !covered.has(id)).map(([, name]) => name);
  return { columns, unplaced, uncovered };
}

/** As ATT&CK has them, then those that it does not have, then the bucket. */
function orderOf(cells: readonly Growing[]): (string | null)[] {
  const found = new Set(cells.map(({ tactic }) => tactic));
  const known = TACTICS.map(([id]) => id).filter((id) => found.delete(id));
  const bucket = found.delete(null) ? [null] : [];
  return [...known, ...[...found].sort(), ...bucket];
}

const worstFirst = (a: Growing, b: Growing): number =>
  Number(b.count > 0) - Number(a.count > 0) ||
  b.points - a.points ||
  b.count - a.count ||
  (a.technique ?? '').localeCompare(b.technique ?? '');

function shown(cell: Growing, every: readonly Growing[]): Cell {
  const { technique, count, points, rules } = cell;
  return {
    key: `${cell.tactic} ${technique}`,
    technique,
    name: technique === null ? 'No technique named' : (techniqueOf(technique).name ?? ''),
    count,
    severity: count > 0 ? severityOf(points) : null,
    rules,
    filter: filterOf(cell, every),
  };
}

/** The technique says it, unless the same one stands under another tactic too. */
function filterOf({ technique, tactic, named }: Growing, every: readonly Growing[]): string {
  if (technique === null) return `tactic : ${quote(tactic ?? '')} and not technique : *`;
  const said = `technique : ${quote(technique)}`;
  if (every.filter((cell) => cell.technique === technique).length === 1) return said;
  const tactics = [...named].map((each) => (each === null ? 'not tactic : *' : `tactic : ${quote(each)}`));
  return `${said} and (${tactics.join(' or ')})`;
}
