/** The editor in the page's own colours, by its variables: both themes and high contrast follow by themselves. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const theme = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--canvas)', color: 'var(--t1)', fontSize: '12px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '22px', fontVariantLigatures: 'none' },
  '.cm-content': { padding: '6px 0', caretColor: 'var(--brandText)' },
  '.cm-line': { padding: '0 10px 0 18px', position: 'relative' },
  '.cm-cursor': { borderLeftColor: 'var(--brandText)', borderLeftWidth: '2px' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--info) 30%, transparent) !important',
  },
  '.cm-gutters': {
    backgroundColor: 'var(--canvas)',
    color: 'var(--t3)',
    border: 'none',
    fontFamily: 'var(--mono)',
    fontSize: '11px',
  },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { boxShadow: 'inset 2px 0 var(--l3)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--t1)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--s2)',
    color: 'var(--t1)',
    border: '1px solid var(--l2)',
    borderRadius: '8px',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', fontSize: '11.5px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px', lineHeight: '18px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--s3)', color: 'var(--t1)' },
  '.cm-completionDetail': {
    color: 'var(--t3)',
    fontStyle: 'normal',
    fontFamily: 'Inter Variable, sans-serif',
  },
  '.cm-diagnostic': { fontFamily: 'Inter Variable, sans-serif', fontSize: '12px', maxWidth: '420px' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--deny)' },
  '.cm-lint-marker-error': { content: 'none' },
  '.cm-lint-marker': { width: '14px', height: '22px' },
  '.cm-lint-marker::before': { content: '"!"', color: 'var(--deny)', fontWeight: '700', paddingLeft: '4px' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--deny)',
    textUnderlineOffset: '3px',
  },
  // Each changed line has its sign: colour is never alone.
  '.cm-changedLine, .cm-insertedLine': { backgroundColor: 'var(--allowSoft) !important' },
  '.cm-changedLine::before, .cm-deletedLine::before': { position: 'absolute', left: '6px' },
  '.cm-changedLine::before': { content: '"+"', color: 'var(--allow)' },
  '.cm-deletedChunk': { backgroundColor: 'var(--denySoft) !important', paddingLeft: '0' },
  '.cm-deletedLine': { padding: '0 10px 0 18px', position: 'relative', whiteSpace: 'break-spaces' },
  '.cm-deletedLine, .cm-deletedLine del': { textDecoration: 'none', backgroundColor: 'transparent' },
  '.cm-deletedLine::before': { content: '"−"', color: 'var(--deny)' },
  '.cm-changedText, .cm-deletedText': { background: 'none !important' },
  '.cm-changeGutter': { width: '0', paddingLeft: '0' },
  '.cm-collapsedLines': {
    background: 'var(--s2)',
    color: 'var(--t2)',
    fontFamily: 'Inter Variable, sans-serif',
    padding: '2px 18px',
  },
});

const colours = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--info)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--allow)' },
  { tag: [tags.separator, tags.squareBracket, tags.brace, tags.punctuation], color: 'var(--t3)' },
  { tag: [tags.comment, tags.lineComment, tags.meta], color: 'var(--t3)' },
  { tag: [tags.labelName, tags.typeName, tags.keyword], color: 'var(--staged)' },
]);

export const look = [theme, syntaxHighlighting(colours)];
