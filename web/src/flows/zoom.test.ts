import { describe, expect, it } from 'vitest';
import { graphOf } from '../graph/fixture';
import { enter, enterEdge, foldOf, readSteps, writeSteps } from './zoom';

const GRAPH = graphOf(['pub>web', 'web>cart', 'web~db'], {
  web: ['WORKLOAD', 'shop'],
  cart: ['WORKLOAD', 'shop'],
  db: ['WORKLOAD', 'data'],
  pub: ['NETWORK'],
});

describe('going in', () => {
  const node = (id: string) => GRAPH.nodes.get(id) as NonNullable<ReturnType<typeof GRAPH.nodes.get>>;

  it('leads by the namespace to the name and to the flow, and comes back from the address', () => {
    const name = enter([], node('web'));
    expect(writeSteps(name)).toEqual(['ns:shop', 'node:web']);
    expect(writeSteps(enter(name, node('web')))).toEqual(writeSteps(name));
    expect(writeSteps(enter(name, node('pub')))).toEqual(['node:pub']);
    const flow = enterEdge(name, 'web-db');
    expect(writeSteps(flow)).toEqual(['ns:shop', 'node:web', 'edge:web-db']);
    expect(writeSteps(enterEdge(flow, 'web-cart'))).toEqual(['ns:shop', 'node:web', 'edge:web-cart']);
    expect(readSteps([...writeSteps(flow), 'nonsense', 'ns:'])).toEqual(flow);
  });

  it('asks the API to fold the neighbours, and everything where there are too many names', () => {
    expect(foldOf([], false)).toEqual({ level: 'WORKLOAD', expand: [] });
    expect(foldOf([], true)).toEqual({ level: 'NAMESPACE', expand: [] });
    expect(foldOf(readSteps(['ns:shop']), false)).toEqual({ level: 'NAMESPACE', expand: ['shop'] });
    expect(foldOf(readSteps(['ns:shop', 'node:web']), false)).toEqual({ level: 'WORKLOAD', expand: [] });
    expect(foldOf(readSteps(['ns:shop', 'node:web']), true)).toEqual({
      level: 'NAMESPACE',
      expand: ['shop'],
    });
  });
});
