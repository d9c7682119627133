import { WIDGET_WORDS, type Widget, type WidgetKind } from './document';
import { reshaped } from './edits';

/** What a new widget asks until its author says otherwise: connections, by the namespace that opened them. */
export function newWidget(kind: WidgetKind): Omit<Widget, 'id' | 'place'> {
  const blank: Widget = {
    id: 'new',
    title: WIDGET_WORDS[kind],
    kind,
    place: { x: 0, y: 0, w: 1, h: 1 },
    query: {
      kind: 'flows',
      filter: '',
      groupBy: kind === 'number' ? [] : ['source_namespace'],
      metrics: [{ op: 'sum', field: 'num_flows_started', label: 'Connections' }],
      interval: null,
      limit: kind === 'table' ? 50 : 10,
    },
    unit: 'count',
  };
  const { id: _, place: __, ...widget } = reshaped(blank, kind);
  return widget;
}
