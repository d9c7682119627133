import { useId } from 'react';
import type { Part } from './draft';

interface Props {
  part: Part;
  value: string;
  onChange: (text: string) => void;
}

/** One part of a receiver. A secret that is kept is its mask, which the first stroke replaces. */
export function PartField({ part, value, onChange }: Props) {
  const id = useId();
  const told = {
    id,
    value,
    'data-testid': `target-${part.name}`,
    'aria-describedby': part.hint ? `${id}-hint` : undefined,
  };
  return (
    <div className="target-part">
      <label htmlFor={id}>{part.optional ? `${part.label}, if any` : part.label}</label>
      {part.choices ? (
        <select className="text-field" {...told} onChange={(event) => onChange(event.target.value)}>
          {part.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <input
          className="text-field mono"
          {...told}
          type={part.secret ? 'password' : part.number ? 'number' : 'text'}
          autoComplete={part.secret ? 'new-password' : 'off'}
          spellCheck={false}
          required={!part.optional}
          onFocus={(event) => part.secret && event.target.select()}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {part.hint && (
        <span id={`${id}-hint`} className="t3">
          {part.hint}
        </span>
      )}
    </div>
  );
}
