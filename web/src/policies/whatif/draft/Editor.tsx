import {
  acceptCompletion,
  autocompletion,
  type CompletionContext,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { completionAt } from './complete';
import { look } from './editor-look';
import type { Known } from './known';
import type { Located } from './locate';

interface Props {
  text: string;
  /** What the text is compared with; null shows it alone. */
  original: string | null;
  known: Known;
  problems: readonly Located[];
  label: string;
  /** Null only reads. */
  onText: ((text: string) => void) | null;
}

/** YAML with what can stand at the caret and what the API objects to. Another comparison makes it anew. */
export function Editor({ text, original, known, problems, label, onText }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const now = useRef({ text, known, onText });
  now.current = { text, known, onText };
  const editable = onText !== null;

  useEffect(() => {
    if (!host.current) return;
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: now.current.text,
        extensions: [
          lineNumbers(),
          lintGutter(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          yaml(),
          look,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, 'data-testid': 'yaml-editor' }),
          EditorState.readOnly.of(!editable),
          EditorView.editable.of(editable),
          // What only reads is still reached by the keyboard, to scroll.
          editable
            ? []
            : EditorView.contentAttributes.of({ tabindex: '0', role: 'textbox', 'aria-readonly': 'true' }),
          editable ? [history(), highlightActiveLine(), completing(() => now.current.known)] : [],
          keymap.of([
            { key: 'Tab', run: acceptCompletion },
            ...completionKeymap,
            ...lintKeymap,
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) now.current.onText?.(update.state.doc.toString());
          }),
          original === null
            ? []
            : unifiedMergeView({
                original,
                mergeControls: false,
                gutter: false,
                syntaxHighlightDeletions: true,
              }),
        ],
      }),
    });
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
  }, [original, label, editable]);

  useEffect(() => {
    const shown = view.current?.state.doc;
    if (shown && shown.toString() !== text)
      view.current?.dispatch({ changes: { from: 0, to: shown.length, insert: text } });
  }, [text]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: an editor made anew shows the problems again
  useEffect(() => {
    if (!view.current) return;
    const { doc } = view.current.state;
    const found = problems.flatMap(({ line, message }) => {
      if (line === null) return [];
      const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines));
      return [
        {
          from: from + (/^[\s-]*/.exec(doc.sliceString(from, to))?.[0].length ?? 0),
          to,
          severity: 'error' as const,
          message,
        },
      ];
    });
    view.current.dispatch(setDiagnostics(view.current.state, found));
  }, [problems, original, editable]);

  return <div ref={host} className="yaml" />;
}

const completing = (known: () => Known) =>
  autocompletion({
    icons: false,
    override: [
      (context: CompletionContext) => {
        const found = completionAt(context.state.doc.toString(), context.pos, known());
        if (
          !found ||
          (!context.explicit &&
            found.replaces === 0 &&
            !/[:"-] ?$/.test(context.state.doc.sliceString(context.pos - 2, context.pos)))
        )
          return null;
        return {
          from: context.pos - found.replaces,
          options: found.options.map(({ label, detail, insert, type }) => ({
            label,
            detail,
            apply: insert,
            type: type === 'field' ? 'property' : 'constant',
          })),
          validFor: /^[\w./-]*$/,
        };
      },
    ],
  });
