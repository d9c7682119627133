/** A registration as it is typed, the document that it makes, and where in it something is wrong. */
import type { Told } from '../../api/changes';
import type { KnownCluster } from '../../api/clusters';

export interface Draft {
  name: string;
  title: string;
  /** A name of the palette or #rrggbb; nothing is none. */
  colour: string;
  description: string;
}

export const EMPTY: Draft = { name: '', title: '', colour: '', description: '' };

type Kept = Pick<KnownCluster, 'name' | 'title' | 'colour' | 'description'>;

/** A title that says no more than the name was not given. */
export const draftOf = ({ name, title, colour, description }: Kept): Draft => ({
  name,
  title: title === name ? '' : title,
  colour: colour ?? '',
  description,
});

export const documentOf = ({ title, colour, description }: Draft) => ({
  title: title.trim() || null,
  colour: colour || null,
  description: description.trim(),
});

const PLACES: Record<string, keyof Draft> = {
  id: 'name',
  'document.title': 'title',
  'document.colour': 'colour',
  'document.description': 'description',
};

/** What is wrong, at the members that it is about; `rest` is about none of them. */
export function placed(told: readonly Told[]): { at: Partial<Record<keyof Draft, string>>; rest: string[] } {
  const at: Partial<Record<keyof Draft, string>> = {};
  const rest: string[] = [];
  for (const { message, path } of told) {
    const member = PLACES[path ?? ''];
    if (member) at[member] = message;
    else rest.push(message);
  }
  return { at, rest };
}
