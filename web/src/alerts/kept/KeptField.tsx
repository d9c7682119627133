import { type ReactNode, useId } from 'react';
import { visible } from '../../domain/names';

interface Told {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

interface Props {
  label: string;
  hint?: string | undefined;
  /** What the server says is wrong with it. */
  problem?: string | undefined;
  children: (told: Told) => ReactNode;
}

/** A field with its name, what helps to fill it, and what is wrong with what was filled in. */
export function KeptField({ label, hint, problem, children }: Props) {
  const id = useId();
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return (
    <div className="kept-field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': problem ? true : undefined,
      })}
      {hint && (
        <span id={`${id}-hint`} className="t3">
          {hint}
        </span>
      )}
      {problem && (
        <span id={`${id}-problem`} className="deny-ink" role="alert" data-testid="field-problem">
          {visible(problem)}
        </span>
      )}
    </div>
  );
}
