import { useReactFlow } from '@xyflow/react';
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { Selection } from '../domain/url-state';
import { boundsOf, type Rect } from './layout/size';
import type { Layout } from './use-layout';
import type { View } from './view';
import { frame, reveal } from './viewport';

export interface CanvasHandle {
  fit: () => void;
  zoom: (factor: number | null) => void;
  focus: (viewId: string) => void;
}

interface Input {
  box: RefObject<HTMLElement | null>;
  size: { width: number; height: number };
  layout: Layout;
  view: View;
  selection: Selection | null;
  handle: RefObject<CanvasHandle | null>;
}

const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
const time = (duration: number) => ({ duration: calm() ? 0 : duration });

/** Where the camera looks: everything once per layout, and never away from what is selected. */
export function useCamera({ box, size, layout, view, selection, handle }: Input): void {
  const flow = useReactFlow();
  const { rects, generation } = layout;

  const showAll = useCallback(
    (duration: number) =>
      flow.setViewport(frame(boundsOf(rects.values()), size.width, size.height), time(duration)),
    [flow, rects, size],
  );
  const show = useCallback(
    (rect: Rect | null | undefined) => {
      const camera = rect && reveal(flow.getViewport(), rect, size.width, size.height);
      if (camera) flow.setViewport(camera, time(160));
    },
    [flow, size],
  );

  // The camera fits once per layout of the whole; refreshes and openings leave it where it is.
  const fitted = useRef(0);
  useEffect(() => {
    if (!size.width || !rects.size || fitted.current === generation) return;
    const first = fitted.current === 0;
    fitted.current = generation;
    showAll(first ? 0 : 320);
  }, [generation, rects.size, size.width, showAll]);

  // The panel that a selection opens must not hide what was selected.
  const revealed = useRef('');
  useEffect(() => {
    const key = selection ? `${selection.id} ${size.width}` : '';
    if (revealed.current === key || !rects.size) return;
    if (!selection) {
      revealed.current = key;
      return;
    }
    const edge = view.edges.find((each) => each.id === selection.id);
    const ids = edge
      ? [edge.source, edge.target]
      : view.nodes.filter((node) => node.nodeId === selection.id).map((node) => node.id);
    const found = ids.flatMap((id) => rects.get(id) ?? []);
    // What an alert points at may still be on its way.
    if (!found.length) return;
    revealed.current = key;
    show(boundsOf(found));
  }, [selection, size.width, rects, view, show]);

  useEffect(() => {
    handle.current = {
      fit: () => showAll(320),
      zoom: (factor) =>
        factor === null ? flow.zoomTo(1, time(200)) : flow.zoomTo(flow.getZoom() * factor, time(120)),
      focus: (id) => {
        show(rects.get(id));
        const node = box.current?.querySelector<HTMLElement>(`[data-view-id="${CSS.escape(id)}"]`);
        node?.focus({ preventScroll: true });
      },
    };
  }, [handle, flow, rects, show, showAll, box]);
}
