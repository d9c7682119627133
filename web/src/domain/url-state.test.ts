import { describe, expect, it } from 'vitest';
import { parseSearch, stringifySearch } from './search-params';
import { DEFAULTS, decode, encode, type UrlState } from './url-state';

/** Each thing of the state as it is not at first. */
const OTHER: UrlState = {
  from: 'now-6h',
  to: 'now-1m',
  cluster: 'prod-eu',
  namespaces: ['data', 'kube-system'],
  query: 'a : "x & y=z"',
  highlight: true,
  level: 'SERVICE',
  open: ['a,b&c', 'ü/+'],
  selection: { type: 'edge', id: 'a:b\nc' },
  measure: 'packets',
  label: 'off',
  show: 'denied',
  view: 'table',
  infra: 'shown',
  layers: ['hidden:WyJ=', 'dimmed:a:b'],
  dock: 'captures',
  capture: 'c=',
  compare: 'week',
  saved: 's=',
  alert: 'a=',
  filter: 'kind : bgp',
  matrix: true,
  rule: 'r=',
  except: 'dest_port : 22',
  opened: 'prod-eu',
  kind: 'EVENTS',
  columns: ['verb', 'user.username:180'],
  sort: '-time',
  record: 'r=',
  preset: 'p',
  tail: true,
  values: ['zone:a:b'],
  edit: true,
  widget: 'w_1',
  policy: 'p=',
  only: 'idle',
  find: 'dns',
  object: 'Tier:/a',
  change: 'delete',
  value: '',
  draft: 'kind: Tier\n',
  kept: '[]',
  flip: 'f=',
  selector: "app in {'web'}",
  style: 'CALICO',
  learn: 'all',
  unwanted: ['process_name : "/opt/a b"'],
  alerted: true,
  recommended: 'shop/web',
  told: 'left-out',
  status: 'allowed',
  size: 'bytes',
  power: 0.75,
  zoom: ['ns:a'],
  list: 'paths',
};
const KEYS = Object.keys(OTHER) as (keyof UrlState)[];

const through = (state: UrlState) => decode(parseSearch(stringifySearch(encode(state))));

describe('the state in the address', () => {
  it('is empty for the defaults', () => {
    expect(stringifySearch(encode(DEFAULTS))).toBe('');
    expect(decode({})).toEqual(DEFAULTS);
  });

  it.each<[string, Partial<UrlState>]>([
    ['a range', { from: '2026-11-23T14:05:00Z', to: '2026-11-23T14:35:00Z' }],
    ['a live range', { from: 'now-6h' }],
    ['a filter with every kind of sign', { query: 'a : "x & y=z" and (b or é#?) and c : 100%' }],
    ['namespaces', { namespaces: ['data', 'kube-system'] }],
    ['opaque ids with signs of the address', { open: ['a,b&c', 'WyJ=', 'ü/+'] }],
    ['a selected edge', { selection: { type: 'edge', id: 'a:b\nc' } }],
    [
      'logs',
      {
        kind: 'AUDIT',
        columns: ['verb', 'user.username:180'],
        sort: '-responseStatus.code',
        record: 'r=',
        preset: 'p',
        tail: true,
      },
    ],
    ['a dashboard', { values: ['zone:a:b', 'app:x y'], edit: true, widget: 'w_1' }],
    [
      'a change that is tried',
      {
        object: 'CalicoNetworkPolicy:shop/default.a:b',
        change: 'labels',
        value: '',
        draft: 'kind: Tier\n',
        kept: '[["delete","Tier:/a",null,null]]',
        flip: 'f=',
      },
    ],
    [
      'a recommendation',
      {
        selector: "app in {'web', 'api'}",
        style: 'KUBERNETES',
        learn: '2026-11-23T14:05:00Z',
        unwanted: ['dest_port : 22', 'process_name : "/opt/a b"'],
        alerted: true,
        recommended: 'shop/recommended-web',
        told: 'denied',
      },
    ],
    ['a ring', { status: 'denied', size: 'bytes', power: 0.75, zoom: ['ns:a', 'edge:b:c'], list: 'paths' }],
    ['which alerts', { filter: 'kind : threat_feed and rule : "Tor exits"', matrix: true }],
    ['a saved view', { saved: 'WyJ=', infra: 'hidden', layers: ['hidden:WyJ=', 'dimmed:a:b'] }],
    ['an alert rule', { rule: 'WyJ=', find: 'dns' }],
    ['an opened cluster', { opened: 'prod-eu' }],
    ['lookups', { show: 'dns', label: 'dns-failures', layers: ['hidden:dns'] }],
    ['services', { level: 'SERVICE', open: ['WyJ='] }],
    ['a selected node', { selection: { type: 'node', id: 'n' } }],
    [
      'everything else',
      {
        highlight: true,
        level: 'WORKLOAD',
        measure: 'packets',
        label: 'dns-failures',
        show: 'denied',
        view: 'table',
        infra: 'hidden',
        cluster: 'c',
        alert: 'a',
      },
    ],
  ])('survives the address: %s', (_, patch) => {
    const state = { ...DEFAULTS, ...patch };
    expect(through(state)).toEqual(state);
  });

  it('falls back where the address makes no sense', () => {
    const state = decode({
      from: 'yesterday',
      to: 'now',
      width: 'colour',
      show: '',
      sel: 'thing:1',
      level: 'x',
      kind: 'letters',
      tail: '1',
    });
    expect(state).toEqual(DEFAULTS);
    expect(decode({ from: 'now', to: 'now-1h' })).toMatchObject({ from: 'now-30m', to: 'now' });
  });

  it('names an open namespace once', () => {
    expect(decode({ open: ['a', 'a', ''] }).open).toEqual(['a']);
  });

  it('holds each thing by itself, and all of them, as they are', () => {
    expect(KEYS).toEqual(Object.keys(DEFAULTS));
    for (const key of KEYS) {
      const state = { ...DEFAULTS, [key]: OTHER[key] };
      expect(Object.keys(encode(state)).length, key).toBeGreaterThan(0);
      expect(through(state), key).toEqual(state);
    }
    expect(through(OTHER)).toEqual(OTHER);
  });

  it('keeps the names and the order that links have, so that kept ones are found the same', () => {
    const names = [
      'from to cluster ns q mode',
      'level open sel width label show view infra layer dock capture compare saved',
      'alert filter matrix rule except opened kind col sort rec preset tail var edit widget',
      'policy only find object change value draft kept flip',
      'selector style learn unwanted alerted recommended told status size power zoom list',
    ];
    expect(Object.keys(encode(OTHER))).toEqual(names.join(' ').split(' '));
  });

  it('tells nothing changed where nothing is compared', () => {
    expect(decode({ show: 'changed' }).show).toBe('all');
    expect(decode({ show: 'changed', compare: 'yore' }).show).toBe('all');
    expect(decode({ show: 'changed', compare: 'toString' }).show).toBe('all');
    expect(decode({ show: 'changed', compare: 'day' }).show).toBe('changed');
  });
});
