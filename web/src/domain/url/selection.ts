import { single } from './codecs';

const TYPES = ['node', 'edge'] as const;

export type Selection = { type: (typeof TYPES)[number]; id: string };

/** `node:ID` or `edge:ID`, whatever signs the id has. */
export const selection = (name: string) =>
  single<Selection | null>(name, null, {
    read: (text = '') => {
      const type = TYPES.find((each) => text.startsWith(`${each}:`));
      const id = type && text.slice(type.length + 1);
      return type && id ? { type, id } : undefined;
    },
    write: (chosen) => (chosen ? `${chosen.type}:${chosen.id}` : undefined),
  });
