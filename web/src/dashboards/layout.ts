/** Where widgets lie on the grid. Documents whose widgets lie on each other are refused, so no edit makes one. */
import { COLUMNS, type Place, type Widget } from './document';

export const overlaps = (a: Place, b: Place): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

const TALLEST = 50;
const between = (low: number, value: number, high: number) => Math.max(low, Math.min(high, value));

/** The nearest place that the grid has: whole columns and rows, nothing beyond an edge. */
export function held(place: Place): Place {
  const w = between(1, Math.round(place.w), COLUMNS);
  const h = between(1, Math.round(place.h), TALLEST);
  return { x: between(0, Math.round(place.x), COLUMNS - w), y: Math.max(0, Math.round(place.y)), w, h };
}

const inOrder = (a: Widget, b: Widget) => a.place.y - b.place.y || a.place.x - b.place.x;

/** Top to bottom, left to right: the order of reading, of asking, and of narrow windows. */
export const reading = (widgets: readonly Widget[]): Widget[] => [...widgets].sort(inOrder);

/** Puts a widget somewhere; what lies there makes room downwards, and then all rise as far as they can. */
export function put(widgets: readonly Widget[], id: string, wanted: Place): Widget[] {
  const moved = widgets.find((widget) => widget.id === id);
  if (!moved) return [...widgets];
  // As the others lie without it: what it leaves behind is no hindrance on its way.
  const others = compacted(widgets.filter((other) => other.id !== id));
  const settled = [{ ...moved, place: past(held(wanted), others) }];
  for (const widget of reading(others)) settled.push({ ...widget, place: below(widget.place, settled) });
  return risen(settled, id, widgets);
}

/** Held over the lower half of a widget it is meant to go below it. */
function past(place: Place, others: readonly Widget[]): Place {
  let { y } = place;
  for (const { place: other } of reading(others))
    if (overlaps({ ...place, y }, other) && y >= other.y + other.h / 2) y = other.y + other.h;
  return { ...place, y };
}

/** One step by a key: a column aside, or past the nearest widget above or below. */
export function stepped(widgets: readonly Widget[], id: string, dx: number, dy: number): Place | null {
  const place = widgets.find((widget) => widget.id === id)?.place;
  if (!place) return null;
  if (!dy) return held({ ...place, x: place.x + dx });
  const near = widgets
    .map((widget) => widget.place)
    .filter((other) => other !== place && place.x < other.x + other.w && other.x < place.x + place.w);
  if (dy < 0) {
    const above = near.filter(({ y }) => y < place.y).sort((a, b) => b.y - a.y)[0];
    return above ? { ...place, y: above.y } : null;
  }
  const under = near.filter(({ y }) => y > place.y).sort((a, b) => a.y - b.y)[0];
  return under ? { ...place, y: under.y + under.h } : null;
}

function below(place: Place, settled: readonly Widget[]): Place {
  let y = place.y;
  for (;;) {
    const hit = settled.find((other) => overlaps({ ...place, y }, other.place));
    if (!hit) return { ...place, y };
    y = hit.place.y + hit.place.h;
  }
}

/** Closes gaps upwards. The widget in hand wins its row among equals. */
function risen(settled: readonly Widget[], first: string | null, order: readonly Widget[]): Widget[] {
  const done = new Map<string, Widget>();
  const queue = [...settled].sort(
    (a, b) => a.place.y - b.place.y || Number(b.id === first) - Number(a.id === first) || inOrder(a, b),
  );
  for (const widget of queue) {
    let y = widget.place.y;
    while (y > 0 && ![...done.values()].some((other) => overlaps({ ...widget.place, y: y - 1 }, other.place)))
      y -= 1;
    done.set(widget.id, { ...widget, place: { ...widget.place, y } });
  }
  // The document keeps its own order, so that a move does not shuffle the text of an export.
  return order.flatMap(({ id }) => done.get(id) ?? []);
}

export const compacted = (widgets: readonly Widget[]): Widget[] => risen(widgets, null, widgets);

/** The first gap, from the top, that a new widget of this size fits in. */
export function gapFor(widgets: readonly Widget[], w: number, h: number): Place {
  const end = rowsOf(widgets);
  for (let y = 0; y <= end; y += 1)
    for (let x = 0; x + w <= COLUMNS; x += 1) {
      const place = { x, y, w, h };
      if (!widgets.some((widget) => overlaps(place, widget.place))) return place;
    }
  return { x: 0, y: end, w, h };
}

export const rowsOf = (widgets: readonly Widget[]): number =>
  widgets.reduce((most, { place }) => Math.max(most, place.y + place.h), 0);
