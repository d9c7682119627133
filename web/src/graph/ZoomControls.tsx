import { IconFocusCentered, IconMinus, IconPlus } from '@tabler/icons-react';

export function ZoomControls({ onZoom, onFit }: { onZoom: (factor: number) => void; onFit: () => void }) {
  return (
    <div className="zoom-controls">
      <button type="button" aria-label="Zoom in" title="Zoom in (+)" onClick={() => onZoom(1.25)}>
        <IconPlus size={15} stroke={1.75} aria-hidden />
      </button>
      <button type="button" aria-label="Zoom out" title="Zoom out (-)" onClick={() => onZoom(0.8)}>
        <IconMinus size={15} stroke={1.75} aria-hidden />
      </button>
      <button type="button" aria-label="Fit everything" title="Fit everything (F)" onClick={onFit}>
        <IconFocusCentered size={15} stroke={1.75} aria-hidden />
      </button>
    </div>
  );
}
