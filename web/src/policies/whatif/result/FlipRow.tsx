import { memo } from 'react';
import type { FlipNode } from '../../../api/simulation';
import { displayName, isSentinel, kindWord, middle, visible } from '../../../domain/names';
import { ago, exact } from '../../../domain/units';
import { connectionsOf, shownBytes } from './effects';
import { FlipGlyphs } from './FlipGlyphs';
import { reasonOf } from './reasons';

interface Props {
  flip: FlipNode;
  row: number;
  chosen: boolean;
  tabbable: boolean;
  onChoose: (id: string) => void;
}

export const FlipRow = memo(function FlipRow({ flip, row, chosen, tabbable, onChoose }: Props) {
  const reason = reasonOf(flip);
  return (
    <tr
      tabIndex={tabbable ? 0 : -1}
      aria-rowindex={row}
      aria-selected={chosen}
      data-testid="flip-row"
      data-effect={flip.effect}
      onClick={() => onChoose(flip.id)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onChoose(flip.id);
      }}
    >
      <td>
        <FlipGlyphs effect={flip.effect} wasAllowed={Number(flip.allowed.records) > 0} />
      </td>
      <td>
        <Stacked node={flip.source} />
      </td>
      <td>
        <Stacked node={flip.target} port={portOf(flip)} />
      </td>
      <td className="right figure">{exact(connectionsOf(flip))}</td>
      <td className="right figure">{shownBytes(flip)}</td>
      <td className="t2 num">{ago(Date.parse(flip.lastSeen), Date.now())}</td>
      <td>
        <span className="flip-reason" title={reason}>
          {reason}
        </span>
      </td>
    </tr>
  );
});

/** `:443`, `:53/udp`, `/icmp`; a port that logs aggregate is not there. */
export const portOf = ({ protocol, port }: FlipNode): string => {
  const said = protocol && protocol !== 'tcp' ? `/${visible(protocol)}` : '';
  return port === null || port === undefined ? said : `:${port}${said}`;
};

/** The namespace above the name, so that the name has the room; the port is never cut. */
function Stacked({ node, port = '' }: { node: FlipNode['source']; port?: string }) {
  const { namespace, kind, name } = node;
  const whole = displayName(kind, name);
  const inside = namespace && !isSentinel(namespace);
  return (
    <span className="flip-end">
      <span className="t3 cut">{inside ? visible(namespace) : kindWord(kind)}</span>
      <span className="mono">
        <span className="cut" title={whole}>
          {whole}
        </span>
        <span className="t3">{port}</span>
      </span>
    </span>
  );
}

export function End({ node }: { node: FlipNode['source'] }) {
  const { namespace, kind, name } = node;
  const whole = displayName(kind, name);
  return (
    <span title={namespace ? `${visible(namespace)}/${whole}` : whole}>
      {namespace && !isSentinel(namespace) && <span className="t3">{visible(namespace)}/</span>}
      {middle(whole, 30)}
    </span>
  );
}
