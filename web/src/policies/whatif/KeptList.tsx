import { IconAlertTriangle, IconX } from '@tabler/icons-react';
import type { SimulationProblem } from '../../api/simulation';
import { visible } from '../../domain/names';
import { type Kept, keptPlace, wordsOf } from './kept';
import { kindWord } from './objects';

interface Props {
  kept: readonly Kept[];
  problems: readonly SimulationProblem[];
  onOpen: (place: number) => void;
  onRemove: (place: number) => void;
  onClear: () => void;
}

/** What is tried together with the present change. */
export function KeptList({ kept, problems, onOpen, onRemove, onClear }: Props) {
  if (!kept.length) return null;
  return (
    <section className="kept" aria-label="Changes that are tried together" data-testid="kept">
      <div className="kept-head">
        <h2>
          Tried together <span className="count num">{kept.length}</span>
        </h2>
        <span className="top-space" />
        <button type="button" className="button small" onClick={onClear} data-testid="kept-clear">
          Remove all
        </button>
      </div>
      <ol>
        {kept.map((each, place) => {
          const wrong = problems.find(({ path }) => keptPlace(path, kept.length) === place);
          const words = visible(wordsOf(each));
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a change has no other name than its place
            <li key={place}>
              <button
                type="button"
                className="kept-open"
                title="Open it again"
                onClick={() => onOpen(place)}
                data-testid="kept-change"
              >
                <span className="cut">{words}</span>
                {each.object && (
                  <span className="t3 small-text cut">
                    {kindWord(each.object.kind)}
                    {each.object.namespace && ` in ${visible(each.object.namespace)}`}
                  </span>
                )}
              </button>
              <button
                type="button"
                className="icon-button"
                aria-label={`Remove: ${words}`}
                title="Remove"
                onClick={() => onRemove(place)}
                data-testid="kept-remove"
              >
                <IconX size={15} stroke={1.75} aria-hidden />
              </button>
              {wrong && (
                <p className="deny-ink small-text" role="alert">
                  <IconAlertTriangle size={14} stroke={1.75} aria-hidden /> {wrong.message}
                </p>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
