import { IconX } from '@tabler/icons-react';
import { visible } from '../domain/names';
import { conjuncts, without } from '../kql/conjuncts';

/** The conditions of the query one by one, each with a button that takes it out. */
export function Chips({ query, onQuery }: { query: string; onQuery: (query: string) => void }) {
  return (
    <ul className="query-chips" aria-label="Conditions of the filter">
      {conjuncts(query).map((part) => (
        <li key={part}>
          <button
            type="button"
            className="chip"
            title={`Remove ${visible(part)}`}
            data-testid="query-chip"
            onClick={() => onQuery(without(query, part))}
          >
            <span className="cut">{visible(part)}</span>
            <IconX size={12} stroke={2} aria-label="remove" />
          </button>
        </li>
      ))}
    </ul>
  );
}
