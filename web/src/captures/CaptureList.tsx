import {
  IconAlertTriangle,
  IconCheck,
  IconCopy,
  IconFileText,
  IconRadar2,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { RunningCapture, SummaryRow } from '../api/captures';
import { visible } from '../domain/names';
import { bytes, clock, day } from '../domain/units';
import type { Captures } from './use-captures';
import { filterWords, STATES, summaryWords } from './words';

interface Props {
  captures: Captures;
  onOpen: (id: string) => void;
}

/** Captures that run in clusters, then files that were sent: what each is of, and what can be done with it. */
export function CaptureList({ captures, onOpen }: Props) {
  const [problem, setProblem] = useState<string | null>(null);
  const { running, summaries } = captures;
  return (
    <div className="table-scroll">
      {problem && (
        <p className="dock-note deny-ink" role="alert">
          {visible(problem)}
        </p>
      )}
      <table className="table" aria-label="Packet captures" data-testid="capture-table">
        <thead>
          <tr>
            <th>Capture</th>
            <th>Of</th>
            <th>State</th>
            <th>Packets</th>
            <th>Time, UTC</th>
            <th>
              <span className="visually-hidden">What can be done</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {running.map((each) => (
            <Running
              key={each.id}
              capture={each}
              onRemove={async () => setProblem(await captures.remove(each))}
            />
          ))}
          {summaries.map((each) => (
            <File
              key={each.id}
              row={each}
              onOpen={() => onOpen(each.id)}
              onForget={async () => setProblem(await captures.forget(each))}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const dated = (moment: string | null | undefined, open: string): string =>
  moment ? `${day(Date.parse(moment))} ${clock(Date.parse(moment))}` : open;

function Running({ capture, onRemove }: { capture: RunningCapture; onRemove: () => void }) {
  const { namespace, name, cluster, state, files, start, end } = capture;
  const failed = state === 'ERROR';
  return (
    <tr data-testid="running-capture" data-name={name} data-state={state}>
      <td title={capture.appliedBy ? `Applied by ${visible(capture.appliedBy)}` : undefined}>
        <IconRadar2
          size={14}
          stroke={1.75}
          className="t3 inline-glyph"
          aria-label="In the cluster"
          role="img"
        />
        {visible(name)}
      </td>
      <td title={visible(capture.selector)}>
        <span className="t3">{visible(cluster)} </span>
        {visible(namespace)} <span className="mono t3">{visible(capture.selector)}</span>
      </td>
      <td>
        <span className={`pill ${failed ? 'denied' : state === 'FINISHED' ? 'allowed' : 'pass'}`}>
          {failed && <IconAlertTriangle size={12} stroke={2.4} aria-hidden />}
          {state === 'FINISHED' && <IconCheck size={12} stroke={2.6} aria-hidden />}
          {STATES[state]}
        </span>
      </td>
      <td>{filterWords(capture)}</td>
      <td className="figure">
        {dated(start, 'at once')} to {dated(end, 'removed')}
      </td>
      <td className="right">
        {files.map(({ node, copy }) => (
          <Copy
            key={node}
            text={copy}
            label={`Copy the command that fetches the files of ${visible(node)}`}
          />
        ))}
        {capture.removable && (
          <Away label={`Remove ${visible(name)}`} word="Remove, files too?" onAway={onRemove} />
        )}
      </td>
    </tr>
  );
}

interface FileProps {
  row: SummaryRow;
  onOpen: () => void;
  onForget: () => void;
}

function File({ row, onOpen, onForget }: FileProps) {
  return (
    <tr data-testid="capture-file" data-file={row.file}>
      <td>
        <IconFileText size={14} stroke={1.75} className="t3 inline-glyph" aria-label="A file" role="img" />
        <button
          type="button"
          className="link capture-open"
          title={visible(row.file)}
          onClick={onOpen}
          data-testid="open-capture"
        >
          {visible(row.file)}
        </button>
      </td>
      <td>
        <span className="t3">{visible(row.cluster)}</span>
        {row.shared && <span className="t3"> shared{row.owner ? ` by ${visible(row.owner)}` : ''}</span>}
      </td>
      <td>
        <span className="pill allowed">
          <IconCheck size={12} stroke={2.6} aria-hidden />
          Summarised
        </span>
      </td>
      <td>
        {summaryWords(row)} <span className="t3">{bytes(Number(row.size))}</span>
      </td>
      <td className="figure">
        {dated(row.range.from, '')} to {clock(Date.parse(row.range.to))}
      </td>
      <td className="right">
        {row.editable && <Away label={`Delete ${visible(row.file)}`} word="Delete?" onAway={onForget} />}
      </td>
    </tr>
  );
}

function Copy({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <button
      type="button"
      className="icon-button small"
      aria-label={label}
      title={copied ? 'Copied' : label}
      onClick={() => navigator.clipboard.writeText(text).then(() => setCopied(true))}
    >
      {copied ? (
        <IconCheck size={14} stroke={2} aria-hidden />
      ) : (
        <IconCopy size={14} stroke={1.75} aria-hidden />
      )}
    </button>
  );
}

/** Twice, since it cannot be taken back. */
function Away({ label, word, onAway }: { label: string; word: string; onAway: () => void }) {
  const [sure, setSure] = useState(false);
  return sure ? (
    <button
      type="button"
      className="button small"
      onClick={onAway}
      onBlur={() => setSure(false)}
      data-testid="away"
    >
      {word}
    </button>
  ) : (
    <button
      type="button"
      className="icon-button small"
      aria-label={label}
      title={label}
      onClick={() => setSure(true)}
      data-testid="away"
    >
      <IconTrash size={14} stroke={1.75} aria-hidden />
    </button>
  );
}
