/** The flips that are shown, as CSV. */
import type { FlipNode } from '../../../api/simulation';
import type { Column, Tabular } from '../../../dashboards/tabular';
import { inNamespace } from '../../../domain/names';
import { bytesOf, connectionsOf, EFFECT_WORDS } from './effects';
import { reasonOf } from './reasons';

const name = (title: string): Column => ({ id: title, title, unit: null });
const COLUMNS = [
  'Effect',
  'Source',
  'Destination',
  'Protocol',
  'Port',
  'Last seen',
  'Reason',
  'Connections',
  'Bytes',
].map(name);

export function tabular(flips: readonly FlipNode[], more: boolean): Tabular {
  return {
    timed: false,
    columns: COLUMNS,
    groups: COLUMNS.length - 2,
    truncated: more,
    rows: flips.map((flip) => {
      const names = [
        EFFECT_WORDS[flip.effect],
        inNamespace(flip.source.namespace, flip.source.name),
        inNamespace(flip.target.namespace, flip.target.name),
        flip.protocol ?? '',
        flip.port === null || flip.port === undefined ? '' : String(flip.port),
        flip.lastSeen,
        reasonOf(flip),
      ];
      const values = [connectionsOf(flip), bytesOf(flip)];
      return { id: flip.id, start: null, keys: names, names, values, from: 0, to: 0, rest: false };
    }),
  };
}
