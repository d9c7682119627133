import { IconFlask, IconSearch } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { visible } from '../../domain/names';
import { plural } from '../../domain/units';
import { found, isStaged, KINDS, kindWord, type Listed, type ObjectRef } from './objects';
import { TEMPLATES } from './templates';

const MOST = 200;

interface Props {
  objects: readonly Listed[];
  onObject: (object: ObjectRef) => void;
  onTemplate: (id: string) => void;
  onPromote: () => void;
}

/** What a change can be tried on: everything that the cluster has, something new, or all that is staged. */
export function ObjectList({ objects, onObject, onTemplate, onPromote }: Props) {
  const [text, setText] = useState('');
  const words = useDeferredValue(text);
  const matching = useMemo(() => found(objects, words), [objects, words]);
  const shown = matching.slice(0, MOST);
  const staged = objects.filter(({ kind }) => isStaged(kind)).length;
  return (
    <div className="object-list">
      <section aria-label="Something new">
        <h2>New</h2>
        <div className="templates">
          {TEMPLATES.map(({ id, title }) => (
            <button
              key={id}
              type="button"
              className="button small"
              onClick={() => onTemplate(id)}
              data-testid={`new-${id}`}
            >
              {title}
            </button>
          ))}
        </div>
        {staged > 0 && (
          <button type="button" className="button small" onClick={onPromote} data-testid="promote-all">
            <IconFlask size={14} stroke={1.75} aria-hidden />
            Promote all that is staged ({staged})
          </button>
        )}
      </section>
      <label className="object-find">
        <IconSearch size={15} stroke={1.75} aria-hidden />
        <input
          className="text-field"
          placeholder="Find by name, namespace, tier or kind"
          aria-label="Find an object"
          value={text}
          onChange={(event) => setText(event.target.value)}
          data-testid="find-object"
        />
      </label>
      <div className="object-scroll">
        {KINDS.map((kind) => {
          const members = shown.filter((each) => each.kind === kind);
          if (!members.length) return null;
          return (
            <section key={kind} aria-label={kindWord(kind)}>
              <h2>{kindWord(kind)}</h2>
              <ul>
                {members.map((object) => (
                  <li key={object.id}>
                    <button type="button" onClick={() => onObject(object)} data-testid="object">
                      <span className="mono cut">
                        {object.namespace && <span className="t3">{visible(object.namespace)}/</span>}
                        {visible(object.name)}
                      </span>
                      {object.tier && <span className="t3">{visible(object.tier)}</span>}
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
        {matching.length > MOST && (
          <p className="t3">{plural(matching.length - MOST, 'more object')}; type to narrow.</p>
        )}
        {!matching.length && <p className="t2">No object has all of these words.</p>}
      </div>
    </div>
  );
}
