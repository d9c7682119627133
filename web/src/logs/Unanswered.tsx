import { IconArrowBackUp, IconBan, IconEyeOff, IconHelp, IconServerOff } from '@tabler/icons-react';
import { useMemo } from 'react';
import { readNode } from '../api/graph';
import { UnansweredDocument } from '../api/questions';
import { useAsk } from '../api/use-ask';
import type { GraphNode } from '../domain/graph';
import { displayName, inNamespace, visible } from '../domain/names';
import { isLive } from '../domain/time';
import { bytes, exact, plural } from '../domain/units';
import type { UnansweredCause } from '../gql/graphql';
import { between } from '../kql/build';
import { condition } from '../kql/conjuncts';
import { Answering } from './Answering';
import type { Question } from './use-question';

/** Each cause by glyph and word; a policy's denial is what can be mended here, so it stands out. */
const CAUSES: Record<UnansweredCause, { word: string; tone: string; Icon: typeof IconBan }> = {
  DROPPED: { word: 'Denied there', tone: 'denied', Icon: IconBan },
  NO_ANSWER: { word: 'No answer', tone: 'warned', Icon: IconServerOff },
  REPLY_LOST: { word: 'Reply lost', tone: 'warned', Icon: IconArrowBackUp },
  UNSEEN: { word: 'Not seen there', tone: 'pass', Icon: IconEyeOff },
  UNCLEAR: { word: 'Unclear', tone: 'pass', Icon: IconHelp },
};
const EVERY = 15_000;

interface Props {
  question: Question;
  onPick: (part: string) => void;
}

const place = (node: GraphNode) => inNamespace(node.namespace, displayName(node.kind, node.name));

/** What sources were allowed to send and never had a reply to, sorted into its causes. */
export function Unanswered({ question, onPick }: Props) {
  const { range, clusters, filter } = question;
  const variables = useMemo(() => ({ range, clusters, filter }), [range, clusters, filter]);
  const asked = useAsk(UnansweredDocument, variables, isLive(range) ? EVERY : 0);
  const found = asked.data?.unanswered;
  return (
    <Answering asked={asked} what="The unanswered connections">
      {found && (
        <p className="logs-note t2" role="status" data-testid="group-count">
          {plural(found.edges.length, 'path')} without an answer
          {found.truncated && ', and more'}. Press a row for its records.
        </p>
      )}
      <div className="table-scroll">
        <table className="table" aria-label="Allowed but never answered" data-testid="unanswered-table">
          <thead>
            <tr>
              {['Cause', 'From', 'To', 'Port'].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
              {['Attempts', 'Sent', 'Windows'].map((head) => (
                <th key={head} scope="col" className="right">
                  {head}
                </th>
              ))}
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody data-waiting={!asked.current || undefined}>
            {found?.edges.map((edge) => {
              const [source, target] = [readNode(edge.source), readNode(edge.target)];
              const { word, tone, Icon } = CAUSES[edge.cause];
              const port = edge.port ?? null;
              const part = [between(source, target), port === null ? null : condition('dest_port', port)]
                .filter(Boolean)
                .join(' and ');
              return (
                <tr
                  key={`${edge.edgeId} ${edge.protocol} ${port}`}
                  tabIndex={0}
                  data-testid="unanswered-row"
                  data-cause={edge.cause}
                  onClick={() => onPick(part)}
                  onKeyDown={(event) => event.key === 'Enter' && onPick(part)}
                >
                  <td>
                    <span className={`pill ${tone}`}>
                      <Icon size={12} stroke={2} aria-hidden />
                      {word}
                    </span>
                  </td>
                  <td className="mono">{place(source)}</td>
                  <td className="mono">{place(target)}</td>
                  <td className="mono">
                    {edge.protocol} {port ?? ''} <span className="t3">{visible(edge.service ?? '')}</span>
                  </td>
                  <td className="right figure">{exact(edge.attempts)}</td>
                  <td className="right figure">
                    {bytes(edge.bytesSent === null ? null : Number(edge.bytesSent))}
                  </td>
                  <td className="right figure">{edge.windows}</td>
                  <td className="why" title={visible(edge.explanation)}>
                    {visible(edge.explanation)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
        {found?.edges.length === 0 && (
          <div className="notice">
            <p className="notice-title">Everything that was allowed had an answer in this range.</p>
          </div>
        )}
      </div>
    </Answering>
  );
}
