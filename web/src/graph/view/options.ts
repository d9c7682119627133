import type { Alert } from '../../domain/alert';
import type { Compared } from '../../domain/comparison';
import type { GraphEdge, GraphNode, Level } from '../../domain/graph';
import type { Measure } from '../../domain/traffic';
import type { Standing } from '../../layers/standing';
import type { Members } from '../groups';
import type { EdgeLabel } from '../labels';

/** What a picture is made by, beside the graph. */
export interface ViewOptions {
  measure: Measure;
  label: (edge: GraphEdge) => EdgeLabel;
  seconds: number;
  level: Level;
  open: ReadonlySet<string>;
  /** Who lives in each namespace, where that is known beyond what the graph shows. */
  members: Members;
  alerts: readonly Alert[];
  /** Edges that the window before this one did not have; null where there is nothing to compare with. */
  fresh: ReadonlySet<string> | null;
  /** How strongly a node is drawn by its own name, as layers say. */
  standing: (node: GraphNode) => Standing;
  /** Edges whose flows are all of dimmed layers. */
  dimmed: ReadonlySet<string>;
  /** What became of edges beside an earlier range; null where nothing is compared. */
  changes?: ReadonlyMap<string, Compared> | null;
}
