import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { type Compared, changeWords } from '../domain/comparison';
import { LABEL_WORDS, type Measured } from '../domain/edge-label';
import type { Graph, GraphEdge } from '../domain/graph';
import { edgeVerdict } from '../domain/graph';
import { displayName, inNamespace, isPlaced } from '../domain/names';
import { attempts, type EdgeVerdict, total } from '../domain/traffic';
import { bytes, short } from '../domain/units';
import { VerdictPill } from '../logs-dock/VerdictPill';
import { type Figure, type Figures, figureText } from './labels';

interface Row {
  id: string;
  edge: GraphEdge;
  verdict: EdgeVerdict;
  source: string;
  target: string;
  connections: number;
  denied: number;
  packets: number | null;
  bytes: number | null;
  isNew: boolean;
  change: string;
  /** Beside the counters, where labels want it. */
  figure: Figure | null;
}

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});
const helper = createColumnHelper<typeof features, Row>();
const common = [
  helper.accessor('verdict', {
    header: 'Verdict',
    cell: (info) => <VerdictPill verdict={info.getValue()} />,
    sortFn: 'alphanumeric',
  }),
  helper.accessor('source', { header: 'Source', sortFn: 'alphanumeric' }),
  helper.accessor('target', { header: 'Destination', sortFn: 'alphanumeric' }),
  helper.accessor('connections', {
    header: 'Allowed conn',
    cell: (info) => short(info.getValue()),
    sortFn: 'basic',
  }),
  helper.accessor('denied', {
    header: 'Denied conn',
    cell: (info) => short(info.getValue()),
    sortFn: 'basic',
  }),
  helper.accessor('packets', { header: 'Packets', cell: (info) => short(info.getValue()), sortFn: 'basic' }),
  helper.accessor('bytes', { header: 'Bytes', cell: (info) => bytes(info.getValue()), sortFn: 'basic' }),
];
const isNew = helper.accessor('isNew', {
  header: 'New',
  cell: (info) => (info.getValue() ? <span className="tag-new">new</span> : ''),
  sortFn: 'basic',
});
const change = helper.accessor('change', { header: 'Change', sortFn: 'alphanumeric' });

function columnsOf(compared: boolean, label: Measured | null) {
  const last = compared ? change : isNew;
  if (!label) return helper.columns([...common, last]);
  const figure = helper.accessor((row) => row.figure?.value ?? -1, {
    id: 'figure',
    header: LABEL_WORDS[label],
    cell: ({ row }) => (row.original.figure ? figureText(label, row.original.figure) : 'not measured'),
    sortFn: 'basic',
  });
  return helper.columns([...common, figure, last]);
}
const NUMBERS = new Set(['connections', 'denied', 'packets', 'bytes', 'figure']);
const ROW = 30;

interface Props {
  graph: Graph;
  fresh: ReadonlySet<string> | null;
  /** What became of edges beside an earlier range; null where nothing is compared. */
  changes: ReadonlyMap<string, Compared> | null;
  /** What labels tell beside the counters; `of` null until it is known. */
  figures: { label: Measured; of: Figures | null } | null;
  keep: (edge: GraphEdge) => boolean;
  selected: string | null;
  note: string | null;
  onPick: (id: string) => void;
}

/** The same graph as a list of edges, for who cannot or will not read the picture. */
export function TableTwin({ graph, fresh, changes, figures, keep, selected, note, onPick }: Props) {
  const [sorting, setSorting] = useState<SortingState>([{ id: 'denied', desc: true }]);
  const of = figures?.of ?? null;
  const data = useMemo(() => rowsOf(graph, fresh, changes, of, keep), [graph, fresh, changes, of, keep]);
  const label = figures?.label ?? null;
  const compared = changes !== null;
  const columns = useMemo(() => columnsOf(compared, label), [compared, label]);
  const table = useTable({
    features,
    columns,
    data,
    state: { sorting },
    onSortingChange: setSorting,
    getRowId: (row) => row.id,
  });
  const rows = table.getRowModel().rows;
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div className="table-twin" data-testid="table-twin">
      {note && <p className="twin-note">{note}</p>}
      <div className="table-scroll" ref={scroll}>
        <table className="table" aria-label="Edges of the service graph" aria-rowcount={rows.length + 1}>
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id}>
                {group.headers.map((header) => {
                  const way = header.column.getIsSorted();
                  return (
                    <th
                      key={header.id}
                      className={NUMBERS.has(header.column.id) ? 'right' : undefined}
                      aria-sort={way === 'asc' ? 'ascending' : way === 'desc' ? 'descending' : 'none'}
                    >
                      <button type="button" onClick={header.column.getToggleSortingHandler()}>
                        <table.FlexRender header={header} />
                        {way === 'asc' && <IconArrowUp size={12} aria-hidden />}
                        {way === 'desc' && <IconArrowDown size={12} aria-hidden />}
                      </button>
                    </th>
                  );
                })}
              </tr>
            ))}
          </thead>
          <tbody>
            {before > 0 && <Gap height={before} columns={columns.length} />}
            {items.map((item) => {
              const row = rows[item.index];
              if (!row) return null;
              return (
                <tr
                  key={row.id}
                  tabIndex={0}
                  aria-rowindex={item.index + 2}
                  aria-selected={row.id === selected}
                  data-testid="twin-row"
                  data-edge-id={row.id}
                  data-verdict={row.original.verdict}
                  onClick={() => onPick(row.id)}
                  onKeyDown={(event) => event.key === 'Enter' && onPick(row.id)}
                >
                  {row.getAllCells().map((cell) => (
                    <td key={cell.id} className={NUMBERS.has(cell.column.id) ? 'right figure' : undefined}>
                      <table.FlexRender cell={cell} />
                    </td>
                  ))}
                </tr>
              );
            })}
            {after > 0 && <Gap height={after} columns={columns.length} />}
          </tbody>
        </table>
      </div>
    </div>
  );
}

const Gap = ({ height, columns }: { height: number; columns: number }) => (
  <tr className="spacer" aria-hidden>
    <td style={{ height }} colSpan={columns} />
  </tr>
);

function rowsOf(
  graph: Graph,
  fresh: ReadonlySet<string> | null,
  changes: Props['changes'],
  figures: Figures | null,
  keep: (edge: GraphEdge) => boolean,
): Row[] {
  const name = (id: string) => {
    const node = graph.nodes.get(id);
    if (!node) return 'unknown';
    const plain = displayName(node.kind, node.name);
    return isPlaced(node.kind) ? inNamespace(node.namespace, plain) : plain;
  };
  return [...graph.edges.values()].filter(keep).map((edge) => ({
    id: edge.id,
    edge,
    verdict: edgeVerdict(edge),
    source: name(edge.source),
    target: name(edge.target),
    connections: attempts(edge.allowed),
    denied: attempts(edge.denied),
    packets: total(edge, 'packets'),
    bytes: total(edge, 'bytes'),
    isNew: fresh?.has(edge.id) ?? false,
    change: worded(changes?.get(edge.id), edge),
    figure: figures?.get(edge.id) ?? null,
  }));
}

const worded = (change: Compared | undefined, edge: GraphEdge) =>
  change ? changeWords(change, edgeVerdict(edge)) : '';
