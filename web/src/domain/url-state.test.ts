import { describe, expect, it } from 'vitest';
import { parseSearch, stringifySearch } from './search-params';
import { DEFAULTS, decode, encode, type UrlState } from './url-state';

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
});
