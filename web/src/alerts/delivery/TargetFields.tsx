import { useEffect, useRef } from 'react';
import type { ReceiverKind } from '../../api/delivery';
import { type Draft, KIND_WORDS, PARTS, partOf, RECEIVERS } from './draft';
import { PartField } from './PartField';

interface Props {
  draft: Draft;
  /** Whether it is a new one, which begins with its title. */
  fresh: boolean;
  onChange: (draft: Draft) => void;
}

/** What a target says, each part in a field of its own. */
export function TargetFields({ draft, fresh, onChange }: Props) {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (fresh) first.current?.focus();
  }, [fresh]);
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change });
  return (
    <>
      <label>
        Title
        <input
          ref={first}
          className="text-field"
          value={draft.title}
          maxLength={120}
          required
          onChange={(event) => set({ title: event.target.value })}
          data-testid="target-name"
        />
      </label>
      <label>
        Kind
        <select
          className="text-field"
          value={draft.kind}
          onChange={(event) => set({ kind: event.target.value as ReceiverKind, parts: {} })}
          data-testid="target-kind"
        >
          {RECEIVERS.map((kind) => (
            <option key={kind} value={kind}>
              {KIND_WORDS[kind]}
            </option>
          ))}
        </select>
      </label>
      {PARTS[draft.kind].map((part) => (
        <PartField
          key={`${draft.kind} ${part.name}`}
          part={part}
          value={partOf(draft, part)}
          onChange={(text) => set({ parts: { ...draft.parts, [part.name]: text } })}
        />
      ))}
      <label>
        Severity from
        <input
          className="text-field"
          type="number"
          min={1}
          max={100}
          required
          value={draft.minimumSeverity}
          onChange={(event) => set({ minimumSeverity: event.target.value })}
          data-testid="target-severity"
        />
      </label>
      <label>
        Filter (KQL over alerts), if any
        <input
          className="text-field mono"
          spellCheck={false}
          value={draft.filter}
          placeholder="not rule : first-denied"
          onChange={(event) => set({ filter: event.target.value })}
          data-testid="target-filter"
        />
      </label>
      <label>
        Clusters, if not all
        <input
          className="text-field"
          spellCheck={false}
          value={draft.clusters}
          placeholder="east, west"
          onChange={(event) => set({ clusters: event.target.value })}
          data-testid="target-clusters"
        />
      </label>
    </>
  );
}
