import { visible } from '../domain/names';

/** An author's text. What stands between backticks is a name or a value, and is set as one. */
export const Prose = ({ text }: { text: string }) => (
  <>
    {visible(text)
      .split('`')
      .map((part, at) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: parts are known by their place
        at % 2 ? <code key={at}>{part}</code> : part,
      )}
  </>
);
