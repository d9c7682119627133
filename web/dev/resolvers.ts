import { readFileSync } from 'node:fs';
import { resolve } from '../src/domain/time';
import { nodes } from './cluster';
import { check, complete } from './filter';
import { add, build, columns, traffic } from './graph';
import { alerts, deniedHits, edgeSums, egressHits, flows } from './records';

export const typeDefs = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');

interface RangeArgument {
  from: string;
  to: string;
}
// biome-ignore lint/suspicious/noExplicitAny: resolvers of a fixture, checked by the schema when they answer
type Args = any;

const times = (range: RangeArgument) => {
  const now = Date.now();
  return { from: resolve(range.from, now) ?? now - 18e5, to: resolve(range.to, now) ?? now };
};
const iso = (moment: number) => new Date(moment).toISOString();
const isoRange = ({ from, to }: { from: number; to: number }) => ({ from: iso(from), to: iso(to) });
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
const zero = { records: 0, connections: 0, packets: 0, bytes: 0 };

export const schema = {
  Node: { __resolveType: () => 'ServiceNode' },
  Query: {
    clusters: () => [
      {
        id: 'prod-eu-1',
        name: 'prod-eu-1',
        title: 'Production, Europe',
        colour: 'teal',
        description: '',
        registered: true,
        version: 1,
        editable: true,
        updatedAt: iso(0),
        updatedBy: null,
        lastSeen: iso(Date.now()),
        records: '18400000',
        rejected: '12',
        state: 'RECEIVING',
        lag: 2,
        rate: 604,
        kinds: [{ kind: 'FLOWS', records: '18400000', lastSeen: iso(Date.now()) }],
      },
    ],
    namespaces: () =>
      [...nodes.values()]
        .filter((n) => n.kind === 'NAMESPACE')
        .map((n) => ({ id: n.id, name: n.name, cluster: n.cluster, workloads: n.members })),
    completions: (_: unknown, { text, cursor, limit }: Args) => complete(text, cursor).slice(0, limit),
    serviceGraph: async (_: unknown, { range, level, expand, filter }: Args) => {
      check(filter);
      await sleep(40);
      const window = times(range);
      const graph = build({ ...window, level, expand, filter });
      return {
        range: isoRange(window),
        asOf: iso(Date.now()),
        columns: columns(graph),
        nodes: graph.nodes,
        edges: [],
        truncated: false,
        stale: false,
      };
    },
    serviceEdge: (_: unknown, { id, range }: Args) => {
      const [source = '', target = ''] = String(id).split('.');
      if (!nodes.has(source) || !nodes.has(target)) return null;
      const window = times(range);
      const rows = edgeSums(source, target, window.from, window.to);
      const sum = (verdict: string) =>
        rows.filter((r) => r.edge.verdict === verdict).reduce((a, r) => add(a, r.sum), zero);
      const [allowed, denied] = [sum('allow'), sum('deny')];
      const both = add(allowed, denied);
      const hits = denied.records
        ? [
            ...egressHits.map((h) => ({ ...h, reporter: 'SRC' })),
            ...deniedHits.map((h) => ({ ...h, reporter: 'DST' })),
          ]
        : egressHits.map((h) => ({ ...h, reporter: 'SRC' }));
      return {
        id,
        range: isoRange(window),
        source: nodes.get(source),
        target: nodes.get(target),
        allowed: traffic(allowed),
        denied: traffic(denied),
        reports: [
          { reporter: 'SRC', allowed: traffic(both), denied: traffic(zero) },
          ...(nodes.get(target)?.kind === 'FQDN'
            ? []
            : [{ reporter: 'DST', allowed: traffic(allowed), denied: traffic(denied) }]),
        ],
        ports: rows.map((r) => ({
          protocol: 'tcp',
          port: r.edge.port,
          service: r.edge.port === 5432 ? 'postgresql' : null,
          allowed: traffic(r.edge.verdict === 'allow' ? r.sum : zero),
          denied: traffic(r.edge.verdict === 'deny' ? r.sum : zero),
        })),
        policies: hits.map((h) => ({ ...h, records: '321', connections: String(both.connections) })),
        processes: [
          {
            name: nodes.get(source)?.name.startsWith('export') ? '/tmp/.x/kworkerd' : 'node',
            args: ['--scan data-postgres:5432,5433,22'],
            records: '1284',
            firstSeen: iso(Date.now() - 14e5),
          },
        ],
        tcp: denied.records
          ? {
              meanSmoothRtt: null,
              maxSmoothRtt: null,
              meanMinRtt: null,
              retransmissions: '2568',
              lostPackets: '0',
              unrecoveredTimeouts: '31',
            }
          : {
              meanSmoothRtt: 2100,
              maxSmoothRtt: '6200',
              meanMinRtt: 900,
              retransmissions: '12',
              lostPackets: '3',
              unrecoveredTimeouts: '0',
            },
      };
    },
    flows: (_: unknown, { range, filter, first, after }: Args) => {
      check(filter);
      const { from, to } = times(range);
      const skip = after ? Number(after) : 0;
      const rows = flows(from, to, filter, first, skip);
      return {
        range: isoRange({ from, to }),
        nodes: rows,
        edges: rows.map((node, at) => ({ cursor: String(skip + at + 1), node })),
        pageInfo: {
          hasNextPage: rows.length === first,
          hasPreviousPage: skip > 0,
          startCursor: null,
          endCursor: String(skip + rows.length),
        },
        totalCount: () => String(flows(from, to, filter, 4000, 0).length),
      };
    },
    histogram: (_: unknown, { range, interval }: Args) => {
      const { from, to } = times(range);
      const step = (interval ?? 60) * 1000;
      const starts: number[] = [];
      for (let at = Math.floor(from / step) * step; at < to; at += step) starts.push(at);
      const wave = (at: number) => 900 + 300 * Math.sin(at / 6e5) + 120 * Math.sin(at / 7e4);
      return {
        range: isoRange({ from, to }),
        interval: interval ?? 60,
        starts: starts.map(iso),
        series: [
          { key: 'allow', counts: starts.map((at) => String(Math.round(wave(at)))) },
          {
            key: 'deny',
            counts: starts.map((at) =>
              at > Date.now() - 25 * 60_000 ? String(Math.round(240 + 60 * Math.cos(at / 9e4))) : '0',
            ),
          },
        ],
      };
    },
    alerts: () => {
      const rows = alerts.filter((alert) => Date.parse(alert.time) < Date.now()).reverse();
      return {
        range: isoRange({ from: 0, to: Date.now() }),
        nodes: rows,
        edges: rows.map((node) => ({ cursor: node.id, node })),
        pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
        totalCount: String(rows.length),
      };
    },
  },
  Subscription: {
    serviceGraphChanged: {
      subscribe: async function* (_: unknown, { level, expand, filter, last }: Args) {
        for (;;) {
          await sleep(2000);
          const window = { from: Date.now() - last * 1000, to: Date.now() };
          const graph = build({ ...window, level, expand, filter });
          yield {
            serviceGraphChanged: {
              asOf: iso(Date.now() - 600),
              range: isoRange(window),
              upsertedNodes: graph.nodes,
              upsertedEdges: graph.edges.map((e) => ({
                id: e.id,
                sourceId: e.source,
                targetId: e.target,
                allowed: traffic(e.allowed),
                denied: traffic(e.denied),
              })),
              removedIds: [],
            },
          };
        }
      },
    },
    alertRaised: {
      subscribe: async function* (_: unknown, { after }: Args) {
        const since = Date.now();
        for (const alert of alerts.filter((each) =>
          after ? each.id > after : Date.parse(each.time) > since,
        )) {
          await sleep(Math.max(0, Date.parse(alert.time) - Date.now()));
          yield { alertRaised: { cursor: alert.id, alert, gap: 0 } };
        }
        await new Promise(() => {});
      },
    },
    flowsIngested: {
      subscribe: async function* () {
        await new Promise(() => {});
        yield {};
      },
    },
  },
};
