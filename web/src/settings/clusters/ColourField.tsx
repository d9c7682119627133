import { IconPalette } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { isWritten, PALETTE } from '../../domain/cluster';
import { Swatch } from '../../shell/Swatch';

interface Props {
  colour: string;
  disabled: boolean;
  onChange: (colour: string) => void;
}

/** What one's own colour begins with. */
const FIRST = '#e0762f';

/** One of the named colours, none, or one's own. */
export function ColourField({ colour, disabled, onChange }: Props) {
  const group = useId();
  const own = isWritten(colour);
  const choice = (
    value: string,
    label: string,
    chosen: boolean,
    shown: ReactNode = <Swatch colour={value || null} />,
  ) => (
    <label key={label} className="colour-choice" title={label}>
      <input
        type="radio"
        name={group}
        className="visually-hidden"
        checked={chosen}
        aria-label={label}
        onChange={() => onChange(value)}
        data-testid={`colour-${label.toLowerCase().replace(' ', '-')}`}
      />
      {shown}
    </label>
  );
  return (
    <fieldset className="colour-field" disabled={disabled}>
      <legend>Colour</legend>
      {choice('', 'No colour', colour === '')}
      {Object.keys(PALETTE).map((name) =>
        choice(name, `${name[0]?.toUpperCase()}${name.slice(1)}`, colour === name),
      )}
      {own
        ? choice(colour, 'Own colour', true)
        : choice(FIRST, 'Own colour', false, <IconPalette size={17} stroke={1.6} aria-hidden />)}
      {own && (
        <input
          type="color"
          className="colour-own"
          aria-label="Which colour"
          value={colour}
          onChange={(event) => onChange(event.target.value)}
          data-testid="colour-picker"
        />
      )}
    </fieldset>
  );
}
