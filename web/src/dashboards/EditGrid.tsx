import { IconCopy, IconGripVertical, IconPencil, IconTrash } from '@tabler/icons-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import type { Place, Widget } from './document';
import type { Feed } from './feed';
import { areaOf } from './Grid';
import { reading, stepped } from './layout';
import { useGridDrag } from './use-grid-drag';
import { WidgetCard } from './WidgetCard';

interface Props {
  widgets: readonly Widget[];
  feed: Feed;
  selected: string | null;
  onPlace: (id: string, place: Place) => void;
  onSelect: (id: string | null) => void;
  onCopy: (id: string) => void;
  onRemove: (id: string) => void;
}

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The grid while it is edited: widgets are dragged, or moved and sized by keys. */
export function EditGrid({ widgets, feed, selected, onPlace, onSelect, onCopy, onRemove }: Props) {
  const grid = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState('');
  const drag = useGridDrag(grid, widgets, onPlace);
  // While one is dragged all keep their order in the page, or the pointer would lose its hold.
  const places = new Map((drag.preview ?? widgets).map((widget) => [widget.id, widget]));
  const shown = reading(widgets).map((widget) => places.get(widget.id) ?? widget);

  const onKeyDown = (event: KeyboardEvent, widget: Widget) => {
    if (event.target !== event.currentTarget) return;
    const { place, id, title } = widget;
    const step = ARROWS[event.key];
    if (step) {
      event.preventDefault();
      const [dx, dy] = step;
      const next = event.shiftKey
        ? { ...place, w: place.w + dx, h: place.h + dy }
        : stepped(widgets, id, dx, dy);
      if (!next) return;
      onPlace(id, next);
      setSaid(
        event.shiftKey
          ? `${title}: ${next.w} columns wide, ${next.h} rows high`
          : `${title}: moved ${event.key.slice(5).toLowerCase()}`,
      );
    } else if (event.key === 'Enter') {
      event.preventDefault();
      onSelect(id);
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      onRemove(id);
      setSaid(`${title}: removed`);
    }
  };

  return (
    <>
      <div className="grid" data-editing data-testid="grid" ref={grid}>
        {shown.map((widget) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset would not be moved by arrows either
          <div
            key={widget.id}
            className="grid-item"
            role="group"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved by keys
            tabIndex={0}
            aria-label={`${widget.title}. Arrows move it, Shift and arrows size it, Enter edits, Delete removes.`}
            aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown Enter Delete"
            data-testid="edit-widget"
            data-widget={widget.id}
            data-selected={widget.id === selected || undefined}
            data-held={widget.id === drag.held || undefined}
            style={areaOf(widget.place)}
            onKeyDown={(event) => onKeyDown(event, widget)}
          >
            <WidgetCard
              widget={widget}
              feed={feed}
              tools={
                <>
                  <Tool
                    label={`Edit ${widget.title}`}
                    id="edit"
                    onClick={() => onSelect(widget.id)}
                    Icon={IconPencil}
                  />
                  <Tool
                    label={`Copy ${widget.title}`}
                    id="copy"
                    onClick={() => onCopy(widget.id)}
                    Icon={IconCopy}
                  />
                  <Tool
                    label={`Remove ${widget.title}`}
                    id="remove"
                    onClick={() => onRemove(widget.id)}
                    Icon={IconTrash}
                  />
                  <span
                    className="grip"
                    aria-hidden
                    {...drag.handle(widget, 'move')}
                    data-testid="widget-grip"
                  >
                    <IconGripVertical size={15} stroke={1.75} />
                  </span>
                </>
              }
            />
            <span
              className="resize"
              aria-hidden
              {...drag.handle(widget, 'size')}
              data-testid="widget-resize"
            />
          </div>
        ))}
      </div>
      <p className="visually-hidden" role="status">
        {said}
      </p>
    </>
  );
}

interface ToolProps {
  label: string;
  id: string;
  onClick: () => void;
  Icon: typeof IconPencil;
}

const Tool = ({ label, id, onClick, Icon }: ToolProps) => (
  <button
    type="button"
    className="icon-button small"
    aria-label={label}
    title={label}
    data-testid={`widget-${id}`}
    onClick={onClick}
  >
    <Icon size={14} stroke={1.75} aria-hidden />
  </button>
);
