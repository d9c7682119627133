import { useEffect, useState } from 'react';
import { CompletionsDocument } from '../api/completions';
import { useApi } from '../api/context';
import type { AskedRange } from '../domain/time';
import type { RecordKind } from '../gql/graphql';
import { charactersBefore, fitting, type Offer, type Option, offerOf } from './completing';

const SHOWN = 9;
/** Milliseconds of rest, so that not every key asks the server. */
const DELAY = 100;

interface Told extends Offer {
  key: string;
  place: string;
}

export interface Completing {
  options: readonly Option[];
  /** Whether the answer for this text is still on its way. */
  late: boolean;
}

const NONE: readonly Option[] = [];

/** What can be typed at the caret, asked once typing rests; a question that typing overtakes is called off. */
export function useCompletions(
  text: string,
  caret: number,
  kind: RecordKind,
  range: AskedRange,
  clusters: string[] | null,
  open: boolean,
): Completing {
  const { client } = useApi();
  const [told, setTold] = useState<Told | null>(null);
  const place = JSON.stringify({ kind, range: { from: range.from, to: range.to }, clusters });
  const key = JSON.stringify([place, text, caret]);
  useEffect(() => {
    if (!open) return;
    let asking: { unsubscribe: () => void } | undefined;
    const timer = setTimeout(() => {
      const cursor = charactersBefore(text, caret);
      asking = client
        .query(CompletionsDocument, { ...JSON.parse(place), text, cursor, limit: SHOWN })
        .subscribe(({ data }) => setTold({ ...offerOf(text, caret, data?.completions ?? []), key, place }));
    }, DELAY);
    return () => {
      clearTimeout(timer);
      asking?.unsubscribe();
    };
  }, [client, place, key, text, caret, open]);
  const options = told?.place === place ? fitting(told, text, caret) : NONE;
  return { options: open ? options : NONE, late: open && told?.key !== key };
}
