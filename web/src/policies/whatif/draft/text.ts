/** Objects as the text that people read, edit and put under version control. */
import { stringify } from 'yaml';
import type { ChangedObject } from '../../../api/simulation';
import { kindWord } from '../objects';

export const yamlOf = (document: unknown): string => stringify(document, { lineWidth: 0 });

const placeOf = ({ kind, namespace, name }: ChangedObject): string =>
  `${kindWord(kind)} ${namespace ? `${namespace}/` : ''}${name}`;

const nameOf = ({ namespace, name, kind }: ChangedObject): string => `${namespace ?? ''}/${name} ${kind}`;

/** Both sides of a diff of objects that a change makes, changes or removes. */
export function sidesOf(objects: readonly ChangedObject[]): { before: string; after: string } {
  // By name: what is promoted stands beside what it is staged as, so that a diff compares the two.
  const placed = [...objects].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const side = (text: (object: ChangedObject) => string | null | undefined) =>
    placed
      .map(text)
      .filter((each): each is string => Boolean(each))
      .join('---\n');
  return { before: side(({ before }) => before), after: side(({ after }) => after) };
}

/** What a pull request takes: all objects as they would be, and in comments those that would be gone. */
export function manifestsOf(objects: readonly ChangedObject[]): string {
  const gone = objects.filter(({ after }) => !after).map((object) => `# Remove ${placeOf(object)}\n`);
  return gone.join('') + sidesOf(objects).after;
}
