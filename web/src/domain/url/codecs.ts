import { allOf, firstOf, type SearchParams } from '../search-params';
import type { Param } from './param';

/** How a value stands as one text. Undefined is what is not understood, or what is not worth writing. */
interface Codec<T> {
  read(text: string | undefined): T | undefined;
  write(value: T): string | undefined;
}

/** A thing that stands once in the address. */
export const single = <T>(name: string, initial: T, codec: Codec<T>): Param<T> =>
  Object.freeze({
    name,
    initial,
    read: (search: SearchParams) => codec.read(firstOf(search, name)) ?? initial,
    write: (value: T) => (value === initial ? undefined : codec.write(value)),
  });

/** Texts that repeat the name; those of them that are meant. */
export const list = (name: string, isMeant: (text: string) => boolean = () => true): Param<string[]> =>
  Object.freeze({
    name,
    initial: [],
    read: (search: SearchParams) => allOf(search, name).filter(isMeant),
    write: (value: string[]) => (value.length ? value : undefined),
  });

/** A text that is never missing. */
export const text = (name: string, initial = ''): Param<string> =>
  single(name, initial, { read: (given) => given || undefined, write: (value) => value });

/** A text or none. An empty one is none. */
export const optional = (name: string): Param<string | null> =>
  single<string | null>(name, null, {
    read: (given) => given || undefined,
    write: (value) => value || undefined,
  });

/** A text or none. An empty one is a text too. */
export const nullable = (name: string): Param<string | null> =>
  single<string | null>(name, null, { read: (given) => given, write: (value) => value ?? undefined });

/** Off, unless the address says the word. */
export const flag = (name: string, on = 'on'): Param<boolean> =>
  single(name, false, { read: (given) => given === on, write: (value) => (value ? on : undefined) });

/** One of some words. */
export const word = <T extends string>(name: string, words: readonly T[], initial: NoInfer<T>): Param<T> =>
  single<T>(name, initial, {
    read: (given) => words.find((each) => each === given),
    write: (value) => value,
  });

/** One of some words, or none. */
export const optionalWord = <T extends string>(name: string, words: readonly T[]): Param<T | null> =>
  single<T | null>(name, null, {
    read: (given) => words.find((each) => each === given),
    write: (value) => value || undefined,
  });

/** One of an enum of the schema, which the address has in small letters. */
export const constant = <T extends string>(
  name: string,
  constants: readonly T[],
  initial: NoInfer<T>,
): Param<T> =>
  single<T>(name, initial, {
    read: (given) => constants.find((each) => each === given?.toUpperCase()),
    write: (value) => value.toLowerCase(),
  });
