import type { SearchParams } from '../search-params';

/** One thing of the state: its name in the address, what it is where the address is silent, how it is read and written. */
export interface Param<T> {
  readonly name: string;
  readonly initial: T;
  /** From the whole address, for what a thing means may depend on another. What is not understood is `initial`. */
  read(search: SearchParams): T;
  /** Undefined is not written: what is as it is at first, so that links stay short. */
  write(value: T): string | string[] | undefined;
}

/** Things of the state by the names that they have there. They are written in this order. */
export type Params = Readonly<Record<string, Param<unknown>>>;

/** What such things are, once read. */
export type Values<P extends Params> = { -readonly [Key in keyof P]: P[Key]['initial'] };

export const initial = <P extends Params>(params: P): Values<P> => valuesOf(params, (param) => param.initial);

export const read = <P extends Params>(params: P, search: SearchParams): Values<P> =>
  valuesOf(params, (param) => param.read(search));

export function write<P extends Params>(params: P, values: Values<P>): SearchParams {
  const given: Readonly<Record<string, unknown>> = values;
  const search: SearchParams = {};
  for (const [key, param] of Object.entries(params)) {
    const written = param.write(given[key]);
    if (written !== undefined) search[param.name] = written;
  }
  return search;
}

/** The keys of an object that is built in a loop are not known to the compiler: they are said here, once. */
const valuesOf = <P extends Params>(params: P, of: (param: Param<unknown>) => unknown): Values<P> =>
  Object.fromEntries(Object.entries(params).map(([key, param]) => [key, of(param)])) as Values<P>;
