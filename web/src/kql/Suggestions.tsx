import { IconBan, IconCheck } from '@tabler/icons-react';
import { KINDS } from '../domain/log-kinds';
import { visible } from '../domain/names';
import { short } from '../domain/units';
import type { RecordKind } from '../gql/graphql';
import type { Option } from './completing';

interface Props {
  id: string;
  kind: RecordKind;
  options: readonly Option[];
  at: number;
  onPick: (index: number) => void;
}

const TITLES: Record<Option['kind'], string> = {
  FIELD: 'Fields',
  VALUE: 'Values',
  OPERATOR: 'Operators',
  KEYWORD: 'Keywords',
};

export function Suggestions({ id, kind, options, at, onPick }: Props) {
  const title = [...new Set(options.map((option) => TITLES[option.kind]))].join(', ');
  const of = options.find((option) => option.kind === 'VALUE')?.field;
  return (
    <div className="kql-pop">
      <p className="kql-pop-head">
        <span>
          {title}
          {of && (
            <>
              {' '}
              of <span className="k-field">{of}</span> in this range
            </>
          )}
        </span>
        <span>
          <kbd className="kbd">Tab</kbd> accept
        </span>
      </p>
      <div id={id} role="listbox" aria-label={title}>
        {options.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox that owns this list has the keys
          <div
            key={option.text}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className="kql-option"
            // Before the field loses its focus, which would close the list.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPick(index)}
            data-testid="kql-option"
          >
            <span className="kql-option-name mono">
              <Glyph option={option} />
              <span className="cut">{visible(option.text)}</span>
            </span>
            <span className="t3 cut">{noteOf(option, kind)}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

function Glyph({ option }: { option: Option }) {
  if (option.kind !== 'VALUE') return null;
  if (option.text === 'allow') return <IconCheck size={13} stroke={2.4} className="allow-ink" aria-hidden />;
  if (option.text === 'deny') return <IconBan size={13} stroke={2.2} className="deny-ink" aria-hidden />;
  return null;
}

/** How often a value occurs; of anything else, what it means. */
function noteOf({ count, description }: Option, kind: RecordKind): string {
  if (count === null || count === undefined) return description;
  return `${short(Number(count))} ${kind === 'ALERTS' ? 'alerts' : KINDS[kind].many}`;
}
