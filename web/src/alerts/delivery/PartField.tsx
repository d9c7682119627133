import { KeptField } from '../kept/KeptField';
import type { Part } from './draft';

interface Props {
  part: Part;
  value: string;
  onChange: (text: string) => void;
}

/** One part of a receiver. A secret that is kept is its mask, which the first stroke replaces. */
export function PartField({ part, value, onChange }: Props) {
  return (
    <KeptField label={part.optional ? `${part.label}, if any` : part.label} hint={part.hint}>
      {(told) =>
        part.choices ? (
          <select
            {...told}
            className="text-field"
            value={value}
            onChange={(event) => onChange(event.target.value)}
            data-testid={`target-${part.name}`}
          >
            {part.choices.map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </select>
        ) : (
          <input
            {...told}
            className="text-field mono"
            value={value}
            type={part.secret ? 'password' : part.number ? 'number' : 'text'}
            autoComplete={part.secret ? 'new-password' : 'off'}
            spellCheck={false}
            required={!part.optional}
            onFocus={(event) => part.secret && event.target.select()}
            onChange={(event) => onChange(event.target.value)}
            data-testid={`target-${part.name}`}
          />
        )
      }
    </KeptField>
  );
}
