import { visible } from '../../domain/names';
import { type Change, readLabels, readOrder } from './change';
import { at, type Listed, labelsOf } from './objects';

interface Props {
  change: Change;
  object: Listed | null;
  /** How many are staged. */
  staged: number;
  value: string | null;
  onValue: (value: string) => void;
}

/** What a change needs to be told, where it is no text. */
export function ChangeForm({ change, object, staged, value, onValue }: Props) {
  const shown = value ?? '';
  switch (change) {
    case 'edit':
      return null;
    case 'delete':
      return (
        <p className="change-form">
          The replay goes without <b>{visible(object?.name ?? '')}</b>.
        </p>
      );
    case 'promote':
      return (
        <p className="change-form">
          {object
            ? `${visible(object.name)} takes the place of what it is staged for.`
            : `All ${staged} staged policies take the place of what they are staged for.`}
        </p>
      );
    case 'reorder':
      return (
        <div className="change-form">
          <Field
            label="Order"
            hint={`Lower comes first. It is ${orderOf(object)} now; “last” puts it behind all others.`}
            wrong={shown !== '' && readOrder(shown) === undefined ? 'An order is a number, or “last”.' : null}
            value={shown}
            onValue={onValue}
          />
        </div>
      );
    case 'default':
      return <TierDefault object={object} value={value} onValue={onValue} />;
    case 'labels':
      return (
        <div className="change-form">
          <Field
            label="Labels"
            hint="key=value sets one, key- removes it; several with spaces."
            wrong={readLabels(shown) ? null : 'Write key=value, or key- to remove it.'}
            value={shown}
            onValue={onValue}
          />
          <p className="labels">
            {Object.entries(labelsOf(object?.document)).map(([key, each]) => (
              <span key={key} className="chip mono">
                {visible(key)}={visible(each)}
              </span>
            ))}
          </p>
        </div>
      );
  }
}

function orderOf(object: Listed | null): string {
  const order = at(object?.document, 'spec', 'order');
  return typeof order === 'number' ? String(order) : 'last';
}

interface FieldProps {
  label: string;
  hint: string;
  wrong: string | null;
  value: string;
  onValue: (value: string) => void;
}

function Field({ label, hint, wrong, value, onValue }: FieldProps) {
  return (
    <label>
      <span className="strong">{label}</span>
      <input
        className="text-field mono"
        value={value}
        aria-invalid={wrong !== null}
        onChange={(event) => onValue(event.target.value)}
        data-testid="change-value"
      />
      <span className={wrong ? 'deny-ink' : 't3'} aria-live="polite">
        {wrong ?? hint}
      </span>
    </label>
  );
}

function TierDefault({ object, value, onValue }: Pick<Props, 'object' | 'value' | 'onValue'>) {
  const now = at(object?.document, 'spec', 'defaultAction') === 'Pass' ? 'PASS' : 'DENY';
  return (
    <div className="change-form">
      <fieldset className="segments" aria-label="What becomes of what no rule of the tier matches">
        {(['DENY', 'PASS'] as const).map((action) => (
          <button
            key={action}
            type="button"
            aria-pressed={(value ?? now) === action}
            onClick={() => onValue(action)}
            data-testid={`default-${action}`}
          >
            {action === 'DENY' ? 'Deny' : 'Pass'}
            {action === now && <span className="count">now</span>}
          </button>
        ))}
      </fieldset>
    </div>
  );
}
