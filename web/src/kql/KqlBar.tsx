import './kql.css';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { AskedRange } from '../domain/time';
import type { RecordKind } from '../gql/graphql';
import { accept } from './completing';
import { Highlighted } from './Highlighted';
import { Suggestions } from './Suggestions';
import { useCompletions } from './use-completions';

export interface KqlProblem {
  message: string;
  column: number | null;
}

interface Props {
  query: string;
  /** Whose fields and values complete it. */
  kind?: RecordKind;
  range: AskedRange;
  clusters: string[] | null;
  problem: KqlProblem | null;
  /** What it is for, where it does not filter what is shown. */
  label?: string;
  placeholder?: string;
  onRun: (query: string) => void;
}

const EXAMPLES: Record<RecordKind, string> = {
  FLOWS: 'source_namespace : "payments" and action : deny',
  DNS: 'client_namespace : "payments" and not rcode : NoError',
  L7: 'dest_namespace : "payments" and response_code >= "500"',
  AUDIT: 'objectRef.resource : "networkpolicies" and not verb : (get or list or watch)',
  BGP: 'event : "state" and not state : Established',
  EVENTS: 'severity >= 70 and status : open',
  ALERTS: 'severity >= 70 and source_namespace : "payments"',
};

/** One line of KQL: coloured while typed, completed with what the server says can follow. */
export function KqlBar({
  query,
  kind = 'FLOWS',
  range,
  clusters,
  problem,
  label = 'Filter in KQL',
  placeholder = `Filter, for example ${EXAMPLES[kind]}`,
  onRun,
}: Props) {
  const [text, setText] = useState(query);
  const [caret, setCaret] = useState(query.length);
  const [open, setOpen] = useState(false);
  // By its text: a later answer may bring it at another place.
  const [picked, setPicked] = useState<string | null>(null);
  const [tabbed, setTabbed] = useState(false);
  const [scroll, setScroll] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const placed = useRef<number | null>(null);
  const listId = useId();
  const { options, late } = useCompletions(text, caret, kind, range, clusters, open);
  const at = options.findIndex((option) => option.text === picked);
  const chosen = options[at];

  // The address is the truth: going back in history brings the older text back.
  useEffect(() => {
    setText(query);
    setCaret(query.length);
  }, [query]);

  // Before the next key can arrive: a caret that is set a frame later lands amid what was typed since.
  useLayoutEffect(() => {
    if (placed.current === null) return;
    input.current?.setSelectionRange(placed.current, placed.current);
    placed.current = null;
  });

  const put = (next: string, position: number) => {
    placed.current = position;
    setText(next);
    setCaret(position);
    setPicked(null);
  };
  const take = (index: number) => {
    const option = options[index];
    if (!option) return;
    const done = accept(text, option);
    put(done.text, done.caret);
  };

  // Tab came before the answer did: it takes the first, unless something else was typed meanwhile.
  useLayoutEffect(() => {
    if (!tabbed || late) return;
    setTabbed(false);
    take(0);
  });

  const run = () => {
    setOpen(false);
    onRun(text.trim());
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!options.length) return;
      event.preventDefault();
      setOpen(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      const next = at < 0 && step < 0 ? options.length - 1 : (at + step + options.length) % options.length;
      setPicked(options[next]?.text ?? null);
    } else if (event.key === 'Tab' && open && !event.shiftKey && (chosen || text !== query)) {
      if (!options.length && (!late || tabbed)) return;
      event.preventDefault();
      if (options.length) take(Math.max(0, at));
      else setTabbed(true);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (open && chosen) take(at);
      else run();
    } else if (event.key === 'Escape') {
      setTabbed(false);
      if (open) setOpen(false);
      else input.current?.blur();
      event.stopPropagation();
    }
  };

  const shownProblem = problem && text.trim() === query ? problem : null;
  return (
    <search className="kql" data-problem={shownProblem ? true : undefined}>
      <IconSearch size={15} stroke={1.75} className="kql-icon" aria-hidden />
      <div className="kql-field">
        <Highlighted text={text} scroll={scroll} underline={shownProblem?.column ?? null} />
        <input
          ref={input}
          data-testid="kql-input"
          className="kql-input"
          role="combobox"
          aria-label={label}
          aria-expanded={open && options.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={open && chosen ? `${listId}-${at}` : undefined}
          aria-invalid={shownProblem !== null}
          aria-describedby={shownProblem ? `${listId}-problem` : undefined}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setCaret(event.target.selectionStart ?? event.target.value.length);
            setPicked(null);
            setTabbed(false);
            setOpen(true);
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
          onFocus={() => setOpen(true)}
          onBlur={() => {
            setOpen(false);
            setTabbed(false);
          }}
          onScroll={(event) => setScroll(event.currentTarget.scrollLeft)}
          onKeyDown={onKeyDown}
        />
      </div>
      {text !== query && (
        <button type="button" className="button small primary" onClick={run} data-testid="kql-run">
          Run
        </button>
      )}
      {text ? (
        <button
          type="button"
          className="icon-button small"
          aria-label="Remove the filter"
          onClick={() => {
            put('', 0);
            onRun('');
          }}
        >
          <IconX size={14} stroke={1.75} aria-hidden />
        </button>
      ) : (
        <kbd className="kbd">/</kbd>
      )}
      {open && options.length > 0 && (
        <Suggestions id={listId} kind={kind} options={options} at={at} onPick={take} />
      )}
      {shownProblem && !(open && options.length > 0) && (
        <p className="kql-problem" id={`${listId}-problem`} role="alert" data-testid="kql-problem">
          {shownProblem.message}
        </p>
      )}
    </search>
  );
}
