import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { type AggregateAnswer, together } from '../api/aggregate';
import { useApi } from '../api/context';
import { readProblem } from '../api/errors';
import { type AskedRange, isLive, spanOf } from '../domain/time';
import { readAnswer } from './answer';
import type { Widget } from './document';
import { Feed, type Send, type WidgetState } from './feed';
import { reading } from './layout';
import { type Question, questionsOf, type Scope, timesOf } from './question';

/** Keeps a dashboard's widgets answered, and followed while the range is live. */
export function useFeed(widgets: readonly Widget[], scope: Scope, clusters: string[] | null): Feed {
  const { client, live } = useApi();
  const { range } = scope;
  const key = JSON.stringify([range, clusters]);
  const send = useCallback<Send>(
    async (questions, now) => {
      const [asked, of] = JSON.parse(key) as [AskedRange, string[] | null];
      const asks = questions.map((question: Question) => ({
        ...question.ask,
        range: timesOf(question, asked, now),
      }));
      const { document, variables } = together(asks, of);
      const { data, error } = await client
        .query<Record<string, AggregateAnswer>>(document, variables)
        .toPromise();
      if (data && !error)
        return {
          answers: questions.map((_, at) => readAnswer(data[`a${at}`] as AggregateAnswer)),
          problem: null,
        };
      if (!error)
        return {
          answers: null,
          problem: { message: 'The API gave no answer.', column: null, isFilter: false, isNetwork: true },
          at: null,
        };
      const alias = /^a(\d+)$/.exec(String(error.graphQLErrors[0]?.path?.[0] ?? ''));
      return { answers: null, problem: readProblem(error), at: alias ? Number(alias[1]) : null };
    },
    [client, key],
  );
  // The feed outlives a change of range: what it last said stays to be seen.
  const [feed] = useState(() => {
    const holder = { send };
    const made = new Feed((questions, now) => holder.send(questions, now), Date.now);
    return { made, holder };
  });
  feed.holder.send = send;

  const wanted = useMemo(
    () =>
      reading(widgets).map((widget) => {
        const questions = questionsOf(widget, scope, Date.now());
        return { id: widget.id, key: JSON.stringify([questions, key]), questions };
      }),
    [widgets, scope, key],
  );
  useEffect(() => feed.made.want(wanted), [feed, wanted]);
  useEffect(() => live.onReopen(() => feed.made.refresh()), [feed, live]);

  const follows = isLive(range);
  const every = periodOf(spanOf(range, Date.now()));
  useEffect(() => {
    if (!follows) return;
    const timer = setInterval(() => {
      const { made } = feed;
      // A server that takes long is asked less often.
      const rested = Date.now() - made.finishedAt >= Math.max(every - 500, 4 * made.took);
      if (rested && document.visibilityState !== 'hidden') made.refresh();
    }, every);
    return () => clearInterval(timer);
  }, [feed, follows, every]);
  return feed.made;
}

/** How often a live range is asked again: the longer it is, the less it changes. */
export function periodOf(span: number): number {
  if (span <= 15 * 60_000) return 5000;
  if (span <= 3_600_000) return 10_000;
  return span <= 6 * 3_600_000 ? 30_000 : 60_000;
}

export const useWidgetState = (feed: Feed, id: string): WidgetState =>
  useSyncExternalStore(feed.subscribe, () => feed.state(id));
