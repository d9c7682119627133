import type { CombinedError } from 'urql';

export interface ApiProblem {
  message: string;
  /** Where in the KQL text, from 0; null where the API does not say. */
  column: number | null;
  isFilter: boolean;
  /** As the API names it, such as `NOT_ALLOWED`. */
  code?: string;
  isNetwork: boolean;
}

/** One sentence for the person, and where in the filter it went wrong. */
export function readProblem(error: CombinedError): ApiProblem {
  const first = error.graphQLErrors[0];
  if (!first) {
    const status = (error.response as Response | undefined)?.status;
    const message = status ? `The API answered ${status}.` : 'The API cannot be reached from this browser.';
    return { message, column: null, isFilter: false, isNetwork: true };
  }
  const { code, column, position, path } = first.extensions as Record<string, unknown>;
  const isFilter =
    /kql/i.test(String(code ?? '')) ||
    path === 'filter' ||
    typeof column === 'number' ||
    /\bcolumn \d+/i.test(first.message);
  return {
    message: first.message,
    code: code === undefined ? undefined : String(code),
    column: columnOf(column, position, first.message),
    isFilter,
    isNetwork: false,
  };
}

function columnOf(column: unknown, position: unknown, message: string): number | null {
  if (typeof column === 'number') return Math.max(0, column - 1);
  if (typeof position === 'number') return position;
  return namedColumn(message);
}

/** Where a sentence about a filter says that it went wrong, from 0. */
export function namedColumn(message: string): number | null {
  const named = /\bcolumn (\d+)/i.exec(message);
  return named ? Math.max(0, Number(named[1]) - 1) : null;
}
