import type { CSSProperties, ReactNode } from 'react';
import type { Place, Widget } from './document';
import type { Feed } from './feed';
import { reading } from './layout';
import { WidgetCard } from './WidgetCard';

/** As properties, so that narrow windows may lay them out otherwise. */
export const areaOf = ({ x, y, w, h }: Place) =>
  ({ '--column': `${x + 1} / span ${w}`, '--row': `${y + 1} / span ${h}` }) as CSSProperties;

/** The widgets where they lie; in narrow windows one below the other. */
export function Grid({ widgets, feed }: { widgets: readonly Widget[]; feed: Feed }) {
  return (
    <GridFrame>
      {reading(widgets).map((widget) => (
        <div key={widget.id} className="grid-item" style={areaOf(widget.place)} data-kind={widget.kind}>
          <WidgetCard widget={widget} feed={feed} />
        </div>
      ))}
    </GridFrame>
  );
}

export const GridFrame = ({ children }: { children: ReactNode }) => (
  <div className="grid" data-testid="grid">
    {children}
  </div>
);
