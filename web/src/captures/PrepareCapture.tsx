import './captures.css';
import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCopy, IconRadar2 } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import {
  ApplyPacketCaptureDocument,
  type PreparedCapture,
  PreparePacketCaptureDocument,
} from '../api/captures';
import { useApi } from '../api/context';
import { readProblem } from '../api/errors';
import { useAsk } from '../api/use-ask';
import { visible } from '../domain/names';
import { OrderFields } from './OrderFields';
import { EMPTY, inputOf } from './order';

interface Props {
  /** The node's id, and what it is called. */
  target: string;
  name: string;
  onClose: () => void;
  onApplied: () => void;
}

/** A capture of one node: what is taken and for how long, as a resource and as a command, to copy or to apply. */
export function PrepareCapture({ target, name, onClose, onApplied }: Props) {
  const { client } = useApi();
  const [order, setOrder] = useState(EMPTY);
  const [form, setForm] = useState<'manifest' | 'command'>('manifest');
  const [refused, setRefused] = useState<string | null>(null);
  const [settled] = useDebouncedValue(order, 250);
  const capture = useMemo(() => inputOf(target, settled), [target, settled]);
  const { data, problem } = useAsk(PreparePacketCaptureDocument, { capture });
  const told = data?.preparePacketCapture;
  const wrong = problem?.message ?? told?.problems[0]?.message ?? null;
  const apply = async () => {
    const answer = await client.mutation(ApplyPacketCaptureDocument, { capture }).toPromise();
    const why = answer.error
      ? readProblem(answer.error).message
      : answer.data?.applyPacketCapture.problems[0]?.message;
    setRefused(why ?? null);
    if (!why) onApplied();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={620}
      centered
      attributes={{ content: { 'aria-label': `Capture packets of ${name}` } }}
      transitionProps={{ duration: 120 }}
    >
      <form
        className="prepare-capture"
        onSubmit={(event) => event.preventDefault()}
        data-testid="prepare-capture"
      >
        <h2>Capture packets of {name}</h2>
        <OrderFields order={order} onOrder={setOrder} />
        {wrong ? (
          <p className="deny-ink" role="alert" data-testid="prepare-problem">
            {visible(wrong)}
          </p>
        ) : (
          <p className="t2">
            {told?.selector ? (
              <>
                Of pods in {visible(told.namespace ?? '')} with{' '}
                <span className="mono">{visible(told.selector)}</span>: labels that a rollout keeps.
              </>
            ) : (
              'Looking up whose packets these are.'
            )}
          </p>
        )}
        {told && !wrong && <Texts told={told} form={form} onForm={setForm} />}
        {refused && (
          <p className="deny-ink" role="alert">
            {visible(refused)}
          </p>
        )}
        <div className="save-view-buttons">
          {told && !wrong && told.whyNot && <span className="t3 small-text">{visible(told.whyNot)}</span>}
          <span className="top-space" />
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
          <button
            type="button"
            className="button primary"
            disabled={!told?.applicable || wrong !== null || settled !== order}
            onClick={apply}
            data-testid="apply-capture"
          >
            <IconRadar2 size={15} stroke={1.75} aria-hidden />
            Apply in {visible(told?.cluster ?? 'the cluster')}
          </button>
        </div>
      </form>
    </Modal>
  );
}

interface TextsProps {
  told: PreparedCapture;
  form: 'manifest' | 'command';
  onForm: (form: 'manifest' | 'command') => void;
}

function Texts({ told, form, onForm }: TextsProps) {
  const [copied, setCopied] = useState('');
  const shown = told.manifest ? form : 'command';
  const text = (shown === 'manifest' ? told.manifest : told.command) ?? '';
  return (
    <>
      <div className="prepare-forms">
        <fieldset className="segments" aria-label="How it is captured">
          <button
            type="button"
            aria-pressed={shown === 'manifest'}
            disabled={!told.manifest}
            onClick={() => onForm('manifest')}
          >
            PacketCapture
          </button>
          <button
            type="button"
            aria-pressed={shown === 'command'}
            onClick={() => onForm('command')}
            data-testid="as-command"
          >
            kubectl debug
          </button>
        </fieldset>
        <span className="t3 small-text">
          {shown === 'manifest'
            ? 'Calico captures on all its pods'
            : 'tcpdump beside one running pod, on any cluster'}
        </span>
        <span className="top-space" />
        <span className="visually-hidden" role="status">
          {copied === text && 'Copied.'}
        </span>
        <button
          type="button"
          className="button small"
          onClick={() => navigator.clipboard.writeText(text).then(() => setCopied(text))}
          data-testid="copy-capture"
        >
          <IconCopy size={14} stroke={1.75} aria-hidden />
          {copied === text && text ? 'Copied' : 'Copy'}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable */}
      <pre className="prepare-text mono" tabIndex={0} data-testid="capture-text">
        {text.split('\n').map(visible).join('\n')}
      </pre>
    </>
  );
}
