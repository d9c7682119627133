import { describe, expect, it } from 'vitest';
import { completionAt } from './complete';
import { fieldsOf } from './fields';
import type { Known } from './known';
import { located, stepsOf } from './locate';
import { manifestsOf, sidesOf } from './text';
import { kindAt, spotAt } from './yaml-path';

const KNOWN: Known = {
  tiers: ['default', 'security'],
  namespaces: ['data', 'shop'],
  serviceAccounts: ['builder'],
  labels: new Map([
    ['app', ['cart', 'web']],
    ['zone', ['a']],
  ]),
  namespaceLabels: new Map([['team', ['blue', 'red']]]),
};

const POLICY = `apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: default.a
  namespace: shop
spec:
  tier: default
  ingress:
  - action: Allow
    source:
      selector: app == "web"
    destination:
      ports:
      - 80
  egress:
    - action: Deny
`;

/** At the bar in the text. */
const options = (text: string) => {
  const offset = text.indexOf('|');
  return completionAt(text.replace('|', ''), offset, KNOWN)?.options.map(({ label }) => label) ?? [];
};
const inPolicy = (added: string) => options(`${POLICY.trimEnd()}\n${added}`);

describe('where a line stands', () => {
  const lines = POLICY.split('\n');
  it.each<[number, string[], string[]]>([
    [4, ['metadata'], ['name']],
    [6, ['spec'], ['ingress', 'egress']],
    [8, ['spec', 'ingress'], ['source', 'destination']],
    [10, ['spec', 'ingress', 'source'], []],
    [11, ['spec', 'ingress'], ['source', 'action']],
    [13, ['spec', 'ingress', 'destination', 'ports'], []],
    [15, ['spec', 'egress'], []],
  ])('line %i', (row, path, siblings) => {
    const spot = spotAt(lines, row, lines[row]?.length ?? 0);
    expect(spot.path).toEqual(path);
    expect(spot.siblings.sort()).toEqual([...siblings].sort());
  });

  it('knows the document of a line among several', () => {
    const both = `kind: Tier\napiVersion: projectcalico.org/v3\n---\n${POLICY}`.split('\n');
    expect(kindAt(both, 0)).toEqual({ kind: 'Tier', version: 'projectcalico.org/v3' });
    expect(kindAt(both, 9)).toEqual({ kind: 'NetworkPolicy', version: 'projectcalico.org/v3' });
    expect(spotAt(both, 4, 4).path).toEqual([]);
  });
});

describe('completion', () => {
  it('offers the fields of the kind that are not there yet', () => {
    expect(inPolicy('  |')).toEqual(
      expect.arrayContaining(['order', 'types', 'selector', 'serviceAccountSelector']),
    );
    expect(inPolicy('  |')).not.toContain('tier');
    expect(inPolicy('  |')).not.toContain('podSelector');
    expect(options('kind: NetworkPolicy\napiVersion: networking.k8s.io/v1\nspec:\n  |')).toContain(
      'podSelector',
    );
  });

  it('offers the fields of a rule and of its ends, in lists of both styles', () => {
    expect(inPolicy('      |')).toEqual(expect.arrayContaining(['protocol', 'destination']));
    expect(inPolicy('      |')).not.toContain('action');
    expect(inPolicy('    - |')).toContain('action');
    expect(inPolicy('      destination:\n        |')).toEqual(expect.arrayContaining(['domains', 'nets']));
  });

  it('offers values: actions, tiers, namespaces, labels and their values', () => {
    expect(inPolicy('      action: |')).toEqual(['Allow', 'Deny', 'Log', 'Pass']);
    expect(inPolicy('  types:\n  - |')).toEqual(['Ingress', 'Egress']);
    expect(options('kind: NetworkPolicy\nspec:\n  tier: |')).toEqual(['default', 'security']);
    expect(options('kind: NetworkPolicy\nmetadata:\n  namespace: |')).toEqual(['data', 'shop']);
    expect(inPolicy('  selector: |')).toEqual(['all()', 'has(', 'app', 'zone']);
    expect(inPolicy('  selector: app == "|')).toEqual(['cart', 'web']);
    expect(inPolicy('      source:\n        namespaceSelector: team == |')).toEqual(['blue', 'red']);
    expect(options('kind: X\nmetadata:\n  labels:\n    app: |')).toEqual(['cart', 'web']);
  });

  it('offers kinds of the version', () => {
    expect(options('apiVersion: networking.k8s.io/v1\nkind: |')).toEqual(['NetworkPolicy']);
    expect(options('kind: |')).toContain('Tier');
    expect(fieldsOf(null, null).spec?.fields).toBeUndefined();
  });
});

describe("the API's problems in the draft", () => {
  const problem = (message: string) => [{ code: 'BAD_INPUT' as const, message, path: 'changes[0].apply' }];

  it('stand at the field that they name', () => {
    const message =
      'changes[0].apply, line 1: NetworkPolicy shop/default.a: spec.ingress[0].source.selector: no.';
    expect(located(problem(message), POLICY)).toEqual([
      { line: 11, message: 'NetworkPolicy shop/default.a: spec.ingress[0].source.selector: no.' },
    ]);
  });

  it('stand at the deepest part of the path that is there, in the right document', () => {
    const both = `kind: Tier\n---\n${POLICY}`;
    const message =
      'changes[0].apply, line 3: NetworkPolicy shop/default.a: spec.egress[0].destination.x: no.';
    expect(located(problem(message), both)[0]?.line).toBe(18);
  });

  it('stand at the line that is named where no field is, and nowhere where nothing is', () => {
    expect(located(problem('changes[0].apply, line 4: not YAML.'), POLICY)[0]?.line).toBe(4);
    expect(located(problem('Something else.'), POLICY)).toEqual([{ line: null, message: 'Something else.' }]);
  });

  it('reads paths with keys in brackets', () => {
    expect(stepsOf('metadata.labels["a.b/c"].x[2]')).toEqual(['metadata', 'labels', 'a.b/c', 'x', 2]);
  });
});

it('writes what a pull request takes', () => {
  const objects = [
    { kind: 'Tier', namespace: null, name: 'a', before: null, after: 'kind: Tier\n' },
    { kind: 'StagedNetworkPolicy', namespace: 'shop', name: 'b', before: 'kind: S\n', after: null },
    { kind: 'NetworkSet', namespace: 'shop', name: 'c', before: 'x: 1\n', after: 'x: 2\n' },
  ];
  expect(sidesOf(objects)).toEqual({ before: 'kind: S\n---\nx: 1\n', after: 'kind: Tier\n---\nx: 2\n' });
  expect(manifestsOf(objects)).toBe('# Remove StagedNetworkPolicy shop/b\nkind: Tier\n---\nx: 2\n');
});
