import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { TACTICS, techniqueOf } from './attack';
import { matrixOf } from './matrix';

const SHIPPED = '../tapetum/api/builtin/alert_rules';

const scan = { technique: 'T1046', tactic: 'TA0007', count: 3, severity: 75 };
const rule = { technique: 'T1021', tactic: 'TA0008', title: 'Lateral', enabled: true };

it('puts alerts and rules under their tactics, in the order of ATT&CK', () => {
  const { columns, unplaced, uncovered } = matrixOf(
    [scan, { ...scan, severity: 20, count: 1 }, { technique: null, tactic: null, count: 5, severity: 99 }],
    [
      rule,
      { ...rule, title: 'Off', enabled: false, technique: 'T1190' },
      { ...rule, technique: 'T1048', tactic: null },
    ],
  );
  expect(columns.map(({ name, count }) => [name, count])).toEqual([
    ['Discovery', 4],
    ['Lateral Movement', 0],
    ['Exfiltration', 0],
  ]);
  expect(columns[0]?.cells).toEqual([
    {
      key: 'TA0007 T1046',
      technique: 'T1046',
      name: 'Network Service Discovery',
      count: 4,
      severity: 'HIGH',
      rules: [],
      filter: 'technique : T1046',
    },
  ]);
  expect(columns[1]?.cells[0]).toMatchObject({ severity: null, rules: ['Lateral'] });
  expect(unplaced).toBe(5);
  expect(uncovered).toContain('Impact');
  expect(uncovered).not.toContain('Discovery');
});

it('keeps what it does not know in a bucket of its own', () => {
  const { columns } = matrixOf(
    [
      { ...scan, technique: 'T9999', tactic: null },
      { ...scan, technique: 'T1', tactic: 'TA9999' },
      { ...scan, technique: 'T1071.001', tactic: null },
    ],
    [],
  );
  expect(columns.map(({ tactic, name }) => [tactic, name])).toEqual([
    ['TA0011', 'Command and Control'],
    ['TA9999', 'TA9999'],
    [null, 'Other techniques'],
  ]);
});

it('filters for the alerts of a cell and no others', () => {
  const elsewhere = { ...scan, tactic: 'TA0043' };
  const inferred = { ...scan, tactic: null };
  const filters = (alerts: (typeof scan | typeof inferred)[]) =>
    matrixOf(alerts, []).columns.flatMap(({ cells }) => cells.map(({ filter }) => filter));
  expect(filters([scan, inferred])).toEqual(['technique : T1046']);
  expect(filters([scan, inferred, elsewhere])).toEqual([
    'technique : T1046 and (tactic : TA0043)',
    'technique : T1046 and (tactic : TA0007 or not tactic : *)',
  ]);
  const { columns } = matrixOf([{ ...scan, technique: null }], []);
  expect(columns[0]?.cells[0]).toMatchObject({
    name: 'No technique named',
    filter: 'tactic : TA0007 and not technique : *',
  });
});

it('shows the worst first, and what is only watched last', () => {
  const { columns } = matrixOf(
    [
      { technique: 'T1040', tactic: 'TA0007', count: 9, severity: 30 },
      { technique: 'T1046', tactic: 'TA0007', count: 1, severity: 95 },
    ],
    [{ ...rule, technique: 'T1018', tactic: 'TA0007' }],
  );
  expect(columns[0]?.cells.map(({ technique }) => technique)).toEqual(['T1046', 'T1040', 'T1018']);
});

it('knows what the rules of the product name', () => {
  const tactics = new Set(TACTICS.map(([id]) => id));
  const named = readdirSync(SHIPPED)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(`${SHIPPED}/${name}`, 'utf8')) as Record<string, string>)
    .filter(({ technique }) => technique);
  expect(named.length).toBeGreaterThan(10);
  for (const { title, technique, tactic } of named) {
    expect([title, techniqueOf(technique ?? '')]).toMatchObject([
      title,
      { name: expect.any(String), tactic },
    ]);
    expect(tactics).toContain(tactic);
  }
});
