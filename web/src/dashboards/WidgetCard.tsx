import { Tooltip } from '@mantine/core';
import { IconChartHistogram, IconInfoCircle, IconTable } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { groupsOf, metricWord, type Widget } from './document';
import type { Feed } from './feed';
import { Prose } from './Prose';
import { useWidgetState } from './use-feed';
import { addsUp } from './values';
import { WidgetMenu } from './WidgetMenu';
import { isEstimated, WidgetBody } from './widgets/WidgetBody';

interface Props {
  widget: Widget;
  feed: Feed;
  /** What edit mode puts into the head instead of the menu. */
  tools?: ReactNode;
}

/** A widget in its frame: its name, what is to be known about it, and what it shows. */
export function WidgetCard({ widget, feed, tools }: Props) {
  const state = useWidgetState(feed, widget.id);
  const [asTable, setAsTable] = useState(false);
  const box = useRef<HTMLElement>(null);
  const titleId = `widget-${widget.id}`;

  // Only what is in sight, or nearly, is asked for.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new IntersectionObserver(([entry]) => feed.see(widget.id, entry?.isIntersecting ?? false), {
      rootMargin: '240px',
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
      feed.see(widget.id, false);
    };
  }, [feed, widget.id]);

  const main = state.answers?.main;
  const notes = notesOn(widget, state);
  return (
    <section
      ref={box}
      className="widget"
      data-kind={widget.kind}
      data-testid="widget"
      data-widget={widget.id}
      aria-labelledby={titleId}
    >
      <header className="widget-head">
        <h3 id={titleId} className="cut" title={widget.title}>
          {widget.title}
        </h3>
        {widget.description && (
          <Tooltip label={<Prose text={widget.description} />} multiline w={280} events={EVENTS}>
            <button type="button" className="widget-info" aria-label={`About ${widget.title}`}>
              <IconInfoCircle size={14} stroke={1.75} aria-hidden />
            </button>
          </Tooltip>
        )}
        {notes.map(({ word, why }) => (
          <Tooltip key={word} label={why} multiline w={280} events={EVENTS}>
            <button type="button" className="widget-note">
              {word}
            </button>
          </Tooltip>
        ))}
        <span className="top-space" />
        {tools}
        {!tools && widget.kind !== 'table' && (
          <button
            type="button"
            className="icon-button small widget-tool"
            aria-pressed={asTable}
            aria-label={asTable ? `Show ${widget.title} as a picture` : `Show ${widget.title} as a table`}
            title={asTable ? 'As a picture' : 'As a table'}
            data-testid="widget-table"
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? (
              <IconChartHistogram size={15} stroke={1.75} aria-hidden />
            ) : (
              <IconTable size={15} stroke={1.75} aria-hidden />
            )}
          </button>
        )}
        {!tools && <WidgetMenu widget={widget} answer={main ?? null} />}
      </header>
      <WidgetBody widget={widget} state={state} asTable={asTable} onRetry={() => feed.refresh([widget.id])} />
    </section>
  );
}

const EVENTS = { hover: true, focus: true, touch: true };

/** What must be said of an answer for it not to be taken for more than it is. */
function notesOn(widget: Widget, state: ReturnType<typeof useWidgetState>): { word: string; why: string }[] {
  const main = state.answers?.main;
  if (!main) return [];
  const notes: { word: string; why: string }[] = [];
  const sampled = state.answers?.sampled?.rows[0]?.values[0] ?? 0;
  if (sampled > 0)
    notes.push({
      word: '~ sampled',
      why: 'Some of these records come from sources that count 1 in so many packets, so the numbers are estimates.',
    });
  else if (isEstimated(state))
    notes.push({ word: '~ estimate', why: 'There are too many different values to be counted exactly.' });
  if (main.truncated && widget.kind !== 'number') {
    const first = metricWord(widget.query.metrics[0] ?? { op: 'count' });
    const rest = widget.query.metrics.every(addsUp) ? ' The others are summed up as one.' : '';
    notes.push({
      word: `top ${widget.query.limit ?? 10} of ${main.groups}`,
      why: `The groups with the most by “${first}”.${rest}`,
    });
  }
  const unlogged =
    widget.query.kind === 'dns' && main.rows.some(({ keys }) => keys.some((key) => key === null));
  if (unlogged && groupsOf(widget.query).length)
    notes.push({
      word: 'unlogged counted',
      why: 'DNS requests beyond the log’s limit were only counted. They are in the totals, as “unlogged” or “none”.',
    });
  return notes;
}
