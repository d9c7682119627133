import type { DragEvent, ReactNode } from 'react';

interface Props {
  onFiles: (files: readonly File[]) => void;
  accept?: string;
  many?: boolean;
  disabled?: boolean;
  /** Why it is disabled. */
  title?: string;
  className?: string;
  testId: string;
  children: ReactNode;
}

/** A button that asks for files. */
export function ChooseFiles({ onFiles, accept, many, disabled, title, className, testId, children }: Props) {
  return (
    <label
      className={`button choose-files ${className ?? ''}`}
      title={title}
      data-disabled={disabled || undefined}
    >
      {children}
      <input
        type="file"
        className="visually-hidden"
        accept={accept}
        multiple={many}
        disabled={disabled}
        data-testid={testId}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // The same file again is a change too.
          event.target.value = '';
        }}
      />
    </label>
  );
}

/** For what takes files that are dropped on it, as the button beside takes those that are chosen. */
export const dropping = (onFiles: (files: readonly File[]) => void) => ({
  onDragOver: (event: DragEvent) => event.preventDefault(),
  onDrop: (event: DragEvent) => {
    event.preventDefault();
    onFiles([...event.dataTransfer.files]);
  },
});
