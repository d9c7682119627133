/** A feed as it is typed, the document that it makes, and where in it the server found something wrong. */
import type { Told } from '../../api/changes';

export const FORMS = { list: 'List', csv: 'CSV', stix: 'STIX 2.1' } as const;
/** What is counted where an entry stands. */
export const PLACES = { list: 'Line', csv: 'Row', stix: 'Object' } as const;
export type Form = keyof typeof FORMS;

export interface Draft {
  title: string;
  description: string;
  terms: string;
  category: string;
  severity: string;
  form: Form;
  column: string;
  url: string;
  refreshMinutes: string;
  enabled: boolean;
  private: boolean;
}

export const EMPTY: Draft = {
  title: '',
  description: '',
  terms: '',
  category: 'threat',
  severity: '70',
  form: 'list',
  column: '',
  url: '',
  refreshMinutes: '1440',
  enabled: true,
  private: false,
};

type Kept = Omit<Draft, 'severity' | 'refreshMinutes' | 'column' | 'url'> & {
  severity: number;
  refreshMinutes: number;
  column: string | null;
  url: string | null;
};

export function draftOf(document: unknown): Draft {
  const kept = document as Kept;
  const numbers = { severity: String(kept.severity), refreshMinutes: String(kept.refreshMinutes) };
  const { title, description, terms, category, form, enabled } = kept;
  const { column, url } = { column: kept.column ?? '', url: kept.url ?? '' };
  return {
    title,
    description,
    terms,
    category,
    form,
    enabled,
    private: kept.private,
    column,
    url,
    ...numbers,
  };
}

/** What does not count is left out: the column of what is no CSV, how often what is uploaded is fetched. */
export function documentOf(draft: Draft): unknown {
  const url = draft.url.trim() || null;
  return {
    format: 1,
    title: draft.title.trim(),
    description: draft.description.trim(),
    terms: draft.terms.trim(),
    category: draft.category.trim(),
    severity: Number(draft.severity),
    form: draft.form,
    column: (draft.form === 'csv' && draft.column.trim()) || null,
    url,
    refreshMinutes: url ? Number(draft.refreshMinutes) : 1440,
    enabled: draft.enabled,
    private: draft.private,
  };
}

const MEMBERS = new Set<string>(Object.keys(EMPTY));

/** What is wrong, at the members that it is about; `rest` is about none of them. */
export function placed(told: readonly Told[]): { at: Partial<Record<keyof Draft, string>>; rest: string[] } {
  const at: Partial<Record<keyof Draft, string>> = {};
  const rest: string[] = [];
  for (const { message, path } of told) {
    const member = path?.replace(/^document\./, '') ?? '';
    if (!MEMBERS.has(member)) rest.push(message);
    else at[member as keyof Draft] = sentence(message);
  }
  return { at, rest };
}

/** Without where it is, which the field says, and where it is described. */
function sentence(message: string): string {
  const told = message.replace(/^document\.\w+: /, '').replace(/; docs\/\S+ describes the format\.$/, '.');
  return told.slice(0, 1).toUpperCase() + told.slice(1);
}
