import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { ChangedObject, SimulationProblem } from '../../../api/simulation';
import type { Listed } from '../objects';
import { DraftTools } from './DraftTools';
import { changedLines } from './diff';
import { Editor } from './Editor';
import { knownOf } from './known';
import { located } from './locate';
import { manifestsOf, sidesOf, yamlOf } from './text';

interface Props {
  objects: readonly Listed[];
  /** What is edited; null is a new object. */
  object: Listed | null;
  /** What is written; null where nothing differs from what is there. */
  draft: string | null;
  /** What a change without text comes to; null where the text itself is the change. */
  made: readonly ChangedObject[] | null;
  problems: readonly SimulationProblem[];
  /** Whether the last answer is about what is written now. */
  valid: boolean;
  diff: boolean;
  name: string;
  onDiff: (diff: boolean) => void;
  onDraft: (text: string | null) => void;
}

/** The draft as text: written here, or made by a change, and what differs from what the cluster has. */
export function DraftPane({
  objects,
  object,
  draft,
  made,
  problems,
  valid,
  diff,
  name,
  onDiff,
  onDraft,
}: Props) {
  const known = useMemo(() => knownOf(objects), [objects]);
  const own = useMemo(() => (object ? yamlOf(object.document) : ''), [object]);
  const sides = useMemo(() => made && sidesOf(made), [made]);
  const [before, after] = sides ? [sides.before, sides.after] : [own, draft ?? own];
  const shown = useMemo(() => located(problems, after), [problems, after]);
  const { added, removed } = useMemo(() => changedLines(before, after), [before, after]);
  const comparing = diff || made !== null;
  return (
    <>
      <div className="draft-bar">
        {made === null && (
          <fieldset className="segments" aria-label="How the draft is shown">
            <button type="button" aria-pressed={diff} onClick={() => onDiff(true)} data-testid="draft-diff">
              Diff
            </button>
            <button type="button" aria-pressed={!diff} onClick={() => onDiff(false)} data-testid="draft-edit">
              Edit
            </button>
          </fieldset>
        )}
        <span className="draft-counts num" data-testid="draft-counts">
          <span className="allow-ink">+{added}</span> <span className="deny-ink">−{removed}</span>
          <span className="visually-hidden"> lines added and removed</span>
        </span>
        <span className="top-space" />
        <DraftTools
          text={made ? manifestsOf(made) : after}
          name={name}
          onDiscard={made === null && draft !== null ? () => onDraft(null) : null}
        />
      </div>
      <div className="draft-text">
        <Editor
          key={name}
          text={after}
          original={comparing && before ? before : null}
          known={known}
          problems={shown}
          label={made ? 'The change as YAML' : 'Draft as YAML'}
          onText={made ? null : (text) => onDraft(text === own ? null : text)}
        />
      </div>
      <div className="draft-foot" aria-live="polite">
        {shown.map(({ line, message }) => (
          <p key={message} data-testid="draft-problem">
            <IconAlertTriangle size={15} stroke={1.75} className="deny-ink" aria-hidden />
            <span>
              {line !== null && <b>Line {line}. </b>}
              {message}
            </span>
          </p>
        ))}
        {!shown.length && valid && (
          <p data-testid="draft-valid">
            <IconCircleCheck size={15} stroke={1.75} className="allow-ink" aria-hidden />
            Valid. Nothing of it is in the cluster.
          </p>
        )}
      </div>
    </>
  );
}
