import './kql.css';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { LogKind } from '../domain/log-kinds';
import type { AskedRange } from '../domain/time';
import { accept } from './context';
import { Highlighted } from './Highlighted';
import { Suggestions } from './Suggestions';
import { useSuggestions } from './use-suggestions';

export interface KqlProblem {
  message: string;
  column: number | null;
}

interface Props {
  query: string;
  /** Whose fields and values complete it. */
  kind?: LogKind;
  range: AskedRange;
  clusters: string[] | null;
  problem: KqlProblem | null;
  onRun: (query: string) => void;
}

const EXAMPLES: Record<LogKind, string> = {
  FLOWS: 'source_namespace : "payments" and action : deny',
  DNS: 'client_namespace : "payments" and not rcode : NoError',
  L7: 'dest_namespace : "payments" and response_code >= "500"',
  AUDIT: 'objectRef.resource : "networkpolicies" and not verb : (get or list or watch)',
  BGP: 'event : "state" and not state : Established',
  EVENTS: 'severity >= 70 and status : open',
};

/** One line of KQL: coloured while typed, completed from the catalogue and from values at hand. */
export function KqlBar({ query, kind = 'FLOWS', range, clusters, problem, onRun }: Props) {
  const [text, setText] = useState(query);
  const [caret, setCaret] = useState(query.length);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const [scroll, setScroll] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const placed = useRef<number | null>(null);
  const listId = useId();
  const { context, options } = useSuggestions(text, caret, kind, range, clusters, open);
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
    setAt(-1);
  };
  const take = (index: number) => {
    const option = options[index];
    if (!option) return;
    const done = accept(text, context, option.insert);
    put(done.text, done.caret);
  };
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
      setAt((was) => (was + step + options.length) % options.length);
    } else if (
      event.key === 'Tab' &&
      open &&
      options.length &&
      !event.shiftKey &&
      (chosen || text !== query)
    ) {
      event.preventDefault();
      take(Math.max(0, at));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (open && chosen) take(at);
      else run();
    } else if (event.key === 'Escape') {
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
          aria-label="Filter in KQL"
          aria-expanded={open && options.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={open && chosen ? `${listId}-${at}` : undefined}
          aria-invalid={shownProblem !== null}
          aria-describedby={shownProblem ? `${listId}-problem` : undefined}
          placeholder={`Filter, for example ${EXAMPLES[kind]}`}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setCaret(event.target.selectionStart ?? event.target.value.length);
            setAt(-1);
            setOpen(true);
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
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
        <Suggestions id={listId} context={context} options={options} at={at} onPick={take} />
      )}
      {shownProblem && !(open && options.length > 0) && (
        <p className="kql-problem" id={`${listId}-problem`} role="alert" data-testid="kql-problem">
          {shownProblem.message}
        </p>
      )}
    </search>
  );
}
