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
import type { Graph, GraphEdge } from '../domain/graph';
import { edgeVerdict } from '../domain/graph';
import { displayName, inNamespace } from '../domain/names';
import { attempts, type EdgeVerdict, total } from '../domain/traffic';
import { bytes, short } from '../domain/units';
import { VerdictPill } from '../logs-dock/VerdictPill';

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
const columns = helper.columns([
  ...common,
  helper.accessor('isNew', {
    header: 'New',
    cell: (info) => (info.getValue() ? <span className="tag-new">new</span> : ''),
    sortFn: 'basic',
  }),
]);
const comparedColumns = helper.columns([
  ...common,
  helper.accessor('change', { header: 'Change', sortFn: 'alphanumeric' }),
]);
const NUMBERS = new Set(['connections', 'denied', 'packets', 'bytes']);
const ROW = 30;

interface Props {
  graph: Graph;
  fresh: ReadonlySet<string> | null;
  /** What became of edges beside an earlier range; null where nothing is compared. */
  changes: ReadonlyMap<string, Compared> | null;
  keep: (edge: GraphEdge) => boolean;
  selected: string | null;
  note: string | null;
  onPick: (id: string) => void;
}

/** The same graph as a list of edges, for who cannot or will not read the picture. */
export function TableTwin({ graph, fresh, changes, keep, selected, note, onPick }: Props) {
  const [sorting, setSorting] = useState<SortingState>([{ id: 'denied', desc: true }]);
  const data = useMemo(() => rowsOf(graph, fresh, changes, keep), [graph, fresh, changes, keep]);
  const table = useTable({
    features,
    columns: changes ? comparedColumns : columns,
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
            {before > 0 && <Gap height={before} />}
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
            {after > 0 && <Gap height={after} />}
          </tbody>
        </table>
      </div>
    </div>
  );
}

const Gap = ({ height }: { height: number }) => (
  <tr className="spacer" aria-hidden>
    <td style={{ height }} colSpan={columns.length} />
  </tr>
);

function rowsOf(
  graph: Graph,
  fresh: ReadonlySet<string> | null,
  changes: Props['changes'],
  keep: (edge: GraphEdge) => boolean,
): Row[] {
  const name = (id: string) => {
    const node = graph.nodes.get(id);
    if (!node) return 'unknown';
    const plain = displayName(node.kind, node.name);
    return node.kind === 'WORKLOAD' ? inNamespace(node.namespace, plain) : plain;
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
  }));
}

const worded = (change: Compared | undefined, edge: GraphEdge) =>
  change ? changeWords(change, edgeVerdict(edge)) : '';
