import { tokenise } from './tokens';

/** The text behind the caret, coloured; the column that the server complained about is underlined. */
export function Highlighted({
  text,
  scroll,
  underline,
}: {
  text: string;
  scroll: number;
  underline: number | null;
}) {
  const tokens = tokenise(text);
  const wrong = underline === null ? null : tokens.find((token) => underline < token.at + token.text.length);
  const past = underline !== null && !wrong;
  return (
    <pre className="kql-colours" aria-hidden>
      <span style={{ transform: `translateX(${-scroll}px)` }}>
        {tokens.map((token) => (
          <span key={token.at} className={`k-${token.kind}`} data-wrong={token === wrong || undefined}>
            {token.text}
          </span>
        ))}
        {past && <span data-wrong> </span>}
      </span>
    </pre>
  );
}
