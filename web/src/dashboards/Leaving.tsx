import { Modal } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';

let free = false;

/** Lets the next change of page pass: its maker has seen to the work. */
export const leaveFreely = (): void => {
  free = true;
};

/** Nothing that was not saved is lost by going elsewhere. */
export function Leaving({ dirty }: { dirty: boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => {
      if (current.pathname === next.pathname) return false;
      const pass = free || !dirty;
      free = false;
      return !pass;
    },
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });
  return (
    <Modal
      opened={status === 'blocked'}
      onClose={() => reset?.()}
      withCloseButton={false}
      size={420}
      centered
      attributes={{ content: { 'aria-label': 'Unsaved changes' } }}
      transitionProps={{ duration: 120 }}
    >
      <div className="ask" data-testid="leaving">
        <h2>Leave without saving?</h2>
        <p className="t2">The changes to this dashboard are not saved. Leaving loses them.</p>
        <div className="ask-buttons">
          <button type="button" className="button" onClick={() => proceed?.()} data-testid="leave">
            Leave and lose them
          </button>
          <button type="button" className="button primary" onClick={() => reset?.()} data-testid="stay">
            Stay here
          </button>
        </div>
      </div>
    </Modal>
  );
}
