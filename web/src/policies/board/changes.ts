import type { Version } from '../../api/policies';

type Plain = Record<string, unknown>;

/** What a version of a manifest changed of the one before it, in a few words. */
export function changeOf(version: Version, before: Version | undefined): string {
  if (version.document === null) return 'Deleted';
  if (!before || before.document === null) return before ? 'Created again' : 'First known';
  const [was, is] = [specOf(before), specOf(version)];
  const words = [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]))
    .map((name) => wordsOf(name, was[name], is[name]));
  return words.length ? words.join('; ') : 'Labels or annotations changed';
}

function wordsOf(name: string, was: unknown, is: unknown): string {
  if (Array.isArray(was) && Array.isArray(is) && (name === 'ingress' || name === 'egress')) {
    if (was.length === is.length) return `${name} rules changed`;
    return `${name} rules from ${was.length} to ${is.length}`;
  }
  const [old, now] = [told(was), told(is)];
  if (old === null || now === null) return `${name} changed`;
  return `${name} from ${old} to ${now}`;
}

/** A short text of a plain value; null where it is neither. */
function told(value: unknown): string | null {
  if (value === undefined) return 'none';
  const text = typeof value === 'object' ? null : String(value);
  return text !== null && text.length <= 40 ? text : null;
}

const specOf = (version: Version): Plain => ((version.document as Plain)?.spec as Plain) ?? {};
