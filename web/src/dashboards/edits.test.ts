import { describe, expect, it } from 'vitest';
import { type DashboardDocument, FOLDS, WIDGETS, type Widget } from './document';
import {
  added,
  changed,
  duplicated,
  isDirty,
  moved,
  opened,
  removed,
  replaced,
  reshaped,
  undone,
  withCalendar,
} from './edits';
import { newWidget } from './new-widget';

const board: DashboardDocument = { format: 1, title: 'Shop', widgets: [] };
const filled = WIDGETS.reduce(
  (document, kind) => added(document, newWidget(kind))?.document ?? document,
  board,
);

/** The rules of docs/dashboards.md, as far as a kind of widget says what its query has. */
function fits({ kind, query, calendar }: Widget): boolean {
  const groups = query.groupBy?.length ?? 0;
  const metrics = query.metrics.length;
  const timed = query.interval !== null && query.interval !== undefined;
  if (calendar && kind !== 'heatmap') return false;
  switch (kind) {
    case 'number':
      return groups === 0 && !timed && metrics === 1;
    case 'timeseries':
      return timed && (metrics === 1 || groups === 0);
    case 'pie':
      return groups === 1 && !timed && metrics === 1;
    case 'heatmap':
      return groups + Number(timed) === (calendar ? 0 : 2) && metrics === 1;
    case 'bars':
      return groups >= 1 && groups <= 2 && !timed;
    case 'table':
      return groups > 0 && !timed;
  }
}

describe('editing', () => {
  it('makes widgets that the server takes, each of every kind from each other', () => {
    expect(filled.widgets.map(({ kind }) => kind)).toEqual([...WIDGETS]);
    for (const widget of filled.widgets) {
      expect(fits(widget), widget.kind).toBe(true);
      for (const kind of WIDGETS)
        expect(fits(reshaped(widget, kind)), `${widget.kind} to ${kind}`).toBe(true);
    }
    const many: Widget = {
      ...(filled.widgets[3] as Widget),
      query: { kind: 'flows', groupBy: ['a', 'b', 'c'], metrics: [{ op: 'count' }, { op: 'count' }] },
    };
    for (const kind of WIDGETS) expect(fits(reshaped(many, kind)), kind).toBe(true);
  });

  it('makes a calendar of any heat map, and groups of a calendar again', () => {
    const map = filled.widgets.at(-1) as Widget;
    const mean = { ...map, query: { ...map.query, metrics: [{ op: 'avg' as const, field: 'bytes_in' }] } };
    for (const widget of [map, mean]) {
      const calendar = withCalendar(widget, 'weekdays');
      expect(calendar.calendar).toBe('weekdays');
      expect(FOLDS).toContain(calendar.query.metrics[0]?.op);
      for (const made of [
        calendar,
        withCalendar(calendar, null),
        ...WIDGETS.map((kind) => reshaped(calendar, kind)),
      ])
        expect(fits(made), made.kind).toBe(true);
    }
  });

  it('gives copies an id and a place of their own', () => {
    const made = duplicated(filled, 'widget_1');
    expect(new Set(made?.document.widgets.map(({ id }) => id)).size).toBe(filled.widgets.length + 1);
    expect(made?.document.widgets.at(-1)).toMatchObject({ id: made?.id, title: 'Copy of Number' });
  });

  it('refuses a widget too many', () => {
    const full = {
      ...board,
      widgets: Array.from({ length: 60 }, (_, at) => ({ ...filled.widgets[0], id: `w${at}` }) as Widget),
    };
    expect(added(full, newWidget('pie'))).toBeNull();
    expect(duplicated(full, 'w0')).toBeNull();
  });

  it('undoes step by step, back to what is saved', () => {
    const start = opened(filled);
    const one = changed(start, removed(start.now, 'widget_2'), 'Remove Time series');
    const two = changed(one, moved(one.now, 'widget_1', { x: 4, y: 0, w: 3, h: 3 }), 'Move Number');
    expect(isDirty(two)).toBe(true);
    expect(undone(two).now).toBe(one.now);
    expect(undone(undone(two)).now).toBe(filled);
    expect(isDirty(undone(undone(two)))).toBe(false);
    expect(undone(start)).toBe(start);
  });

  it('takes typing in one field as one step', () => {
    const widget = filled.widgets[0] as Widget;
    let history = opened(filled);
    for (const title of ['N', 'Ne', 'New'])
      history = changed(history, replaced(history.now, { ...widget, title }), 'Change widget_1');
    expect(history.now.widgets[0]?.title).toBe('New');
    expect(undone(history).now).toBe(filled);
  });
});
