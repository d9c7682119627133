import './captures.css';
import { IconRadar2, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { visible } from '../domain/names';
import type { UrlState } from '../domain/url-state';
import { ChooseFiles, dropping } from '../shell/ChooseFiles';
import type { Update } from '../shell/use-url-state';
import { CaptureList } from './CaptureList';
import { SummaryView } from './SummaryView';
import { sendCapture } from './sending';
import { useCaptures } from './use-captures';

interface Props {
  state: UrlState;
  update: Update;
  /** Clusters that the graph shows. */
  clusters: readonly string[];
  /** Opens the form for what is selected; null where nothing is that can be captured. */
  onCapture: (() => void) | null;
}

/** The dock's tab of captures: those that run, files that were sent, and one of these. */
export function CapturesPane({ state, update, clusters, onCapture }: Props) {
  const captures = useCaptures(state.cluster ? [state.cluster] : null);
  const [sending, setSending] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [into, setInto] = useState('');
  const cluster = state.cluster ?? (into || (clusters[0] ?? ''));
  const open = (capture: string | null) => update({ capture });
  const send = async ([file]: readonly File[]) => {
    if (!file || !cluster) return;
    setSending(file.name);
    const found = await sendCapture(file, cluster, false);
    setSending(null);
    setProblem('problem' in found ? found.problem : null);
    captures.refresh();
    if ('id' in found) open(found.id);
  };
  if (state.capture) {
    return <SummaryView id={state.capture} state={state} onBack={() => open(null)} />;
  }
  const nothing = captures.known && !captures.running.length && !captures.summaries.length;
  return (
    <div className="captures" {...dropping(send)} data-testid="captures">
      <div className="captures-bar">
        <button
          type="button"
          className="button small"
          disabled={!onCapture}
          title={onCapture ? undefined : 'Select a workload or a namespace first'}
          onClick={() => onCapture?.()}
          data-testid="capture-selected"
        >
          <IconRadar2 size={14} stroke={1.75} aria-hidden />
          Capture packets
        </button>
        <ChooseFiles
          className="small"
          accept=".pcap,.pcapng,.cap,.gz"
          disabled={!cluster || sending !== null}
          onFiles={send}
          testId="capture-input"
        >
          <IconUpload size={14} stroke={1.75} aria-hidden />
          {sending ? 'Reading' : 'Send a pcap'}
        </ChooseFiles>
        {!state.cluster && clusters.length > 1 && (
          <label className="captures-into t3">
            of cluster{' '}
            <select className="text-field" value={cluster} onChange={(event) => setInto(event.target.value)}>
              {clusters.map((name) => (
                <option key={name} value={name}>
                  {visible(name)}
                </option>
              ))}
            </select>
          </label>
        )}
        <span className="t3 small-text wide-only">The summary is kept, the packets are not</span>
        <span className="visually-hidden" role="status">
          {sending ? `${sending} is read.` : ''}
        </span>
      </div>
      {[problem, ...captures.problems].map(
        (each) =>
          each && (
            <p key={each} className="dock-note warn-ink" role="alert">
              {visible(each)}
            </p>
          ),
      )}
      {nothing ? (
        <p className="dock-note t2">
          No captures yet. Select a workload and capture its packets, or drop a pcap here to see what it says
          beside its flows.
        </p>
      ) : (
        <div className="dock-table">
          <CaptureList captures={captures} onOpen={open} />
        </div>
      )}
    </div>
  );
}
