import type { FieldInfo, Fields } from './use-fields';

const LISTS = { group: 'fields-to-group', measure: 'fields-to-measure' } as const;

interface Props {
  list: keyof typeof LISTS;
  label: string;
  value: string;
  onChange: (value: string) => void;
  testId?: string;
}

/** A field by its stored name, completed by the browser from those that there are. */
export function FieldPicker({ list, label, value, onChange, testId }: Props) {
  return (
    <input
      className="text-field mono"
      aria-label={label}
      list={LISTS[list]}
      value={value}
      spellCheck={false}
      autoComplete="off"
      placeholder="Field"
      onChange={(event) => onChange(event.target.value.trim())}
      data-testid={testId}
    />
  );
}

FieldPicker.List = function List({ fields }: { fields: Fields }) {
  return (
    <>
      {(['group', 'measure'] as const).map((list) => (
        <datalist key={list} id={LISTS[list]}>
          {fields[list].map((field: FieldInfo) => (
            <option key={field.name} value={field.name} label={field.description} />
          ))}
        </datalist>
      ))}
    </>
  );
};
