import { IconChevronRight, IconMinus } from '@tabler/icons-react';

/** The pointer's way to open or close a namespace. The keyboard's is Space on the node itself. */
export function NodeToggle({ open, name, onToggle }: { open: boolean; name: string; onToggle: () => void }) {
  const Icon = open ? IconMinus : IconChevronRight;
  return (
    <span
      className="node-toggle"
      aria-hidden
      title={open ? `Close ${name}` : `Open ${name}`}
      data-testid="node-toggle"
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      <Icon size={15} stroke={1.75} aria-hidden />
    </span>
  );
}
