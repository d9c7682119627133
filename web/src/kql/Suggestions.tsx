import { IconBan, IconCheck } from '@tabler/icons-react';
import { visible } from '../domain/names';
import type { Context } from './context';
import type { Option } from './use-suggestions';

interface Props {
  id: string;
  context: Context;
  options: Option[];
  at: number;
  onPick: (index: number) => void;
}

const TITLES: Record<Context['expects'], string> = {
  field: 'Fields',
  value: 'Values',
  comparison: 'Comparisons',
  operator: 'Operators',
};

export function Suggestions({ id, context, options, at, onPick }: Props) {
  return (
    <div className="kql-pop">
      <p className="kql-pop-head">
        <span>
          {TITLES[context.expects]}
          {context.expects === 'value' && (
            <>
              {' '}
              of <span className="k-field">{context.field}</span> in this range
            </>
          )}
        </span>
        <span>
          <kbd className="kbd">Tab</kbd> accept
        </span>
      </p>
      <div id={id} role="listbox" aria-label={TITLES[context.expects]}>
        {options.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox that owns this list has the keys
          <div
            key={option.insert}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className="kql-option"
            // Before the field loses its focus, which would close the list.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPick(index)}
          >
            <span className="kql-option-name mono">
              {option.glyph === 'allow' && (
                <IconCheck size={13} stroke={2.4} className="allow-ink" aria-hidden />
              )}
              {option.glyph === 'deny' && <IconBan size={13} stroke={2.2} className="deny-ink" aria-hidden />}
              {visible(option.label)}
            </span>
            <span className="t3 cut">{option.note}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
