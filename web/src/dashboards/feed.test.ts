import { expect, it } from 'vitest';
import type { Answer } from './answer';
import { Feed, type Refused, type Send, type Told, type Wanted } from './feed';
import type { Question } from './question';

const question = (filter: string): Question => ({
  span: 'range',
  ask: { kind: 'FLOWS', filter, metrics: [{ op: 'COUNT' }], limit: 1, reporters: 'EACH' },
});
const wanted = (id: string, filters: string[] = [id], key = id): Wanted => ({
  id,
  key,
  questions: Object.fromEntries(
    (['main', 'trend', 'before', 'sampled'] as const)
      .slice(0, filters.length)
      .map((role, at) => [role, question(filters[at] ?? '')]),
  ),
});
const settle = () => new Promise((done) => setTimeout(done, 0));
const problem = { message: 'No.', column: null, isFilter: false, isNetwork: false };

/** A server that refuses whatever asks for `bad`, as a whole, as GraphQL does. */
function server(refuse: (questions: readonly Question[]) => Refused | null = () => null) {
  const asked: string[][] = [];
  const open: (() => void)[] = [];
  let most = 0;
  const send: Send = async (questions) => {
    asked.push(questions.map(({ ask }) => ask.filter ?? ''));
    await new Promise<void>((done) => {
      open.push(done);
      most = Math.max(most, open.length);
    });
    return (
      refuse(questions) ??
      ({
        answers: questions.map(({ ask }) => ({ rows: [ask.filter] }) as unknown as Answer),
        problem: null,
      } satisfies Told)
    );
  };
  const answer = async () => {
    while (open.length) {
      open.shift()?.();
      await settle();
    }
  };
  return { asked, send, answer, most: () => most };
}
const all = (feed: Feed, list: Wanted[]) => {
  feed.want(list);
  for (const { id } of list) feed.see(id, true);
};

it('asks only for what is in sight, a few questions at once, two operations at a time', async () => {
  const { asked, send, answer, most } = server();
  const feed = new Feed(send, () => 0);
  const list = Array.from({ length: 30 }, (_, at) => wanted(`w${at}`));
  feed.want(list);
  expect(asked).toEqual([]);
  for (const { id } of list.slice(0, 25)) feed.see(id, true);
  await answer();
  expect(asked.flat().sort()).toEqual(
    list
      .slice(0, 25)
      .map(({ id }) => id)
      .sort(),
  );
  expect(asked.every((each) => each.length <= 6)).toBe(true);
  expect(most()).toBe(2);
  expect(feed.state('w3')).toMatchObject({ current: true, waiting: false, problem: null });
  expect(feed.state('w29').waiting).toBe(true);
});

it('asks a question that two widgets share once', async () => {
  const { asked, send, answer } = server();
  const feed = new Feed(send, () => 0);
  feed.want([wanted('z'), wanted('a', ['x', 'same'], 'a'), wanted('b', ['y', 'same'], 'b')]);
  feed.see('z', true);
  feed.see('a', true);
  feed.see('b', true);
  await answer();
  feed.refresh();
  await answer();
  expect(asked.at(-1)).toEqual(['z', 'x', 'same', 'y']);
  expect((feed.state('b').answers?.trend as unknown as { rows: string[] }).rows).toEqual(['same']);
});

it('lets a bad question spoil only its own widget', async () => {
  const { asked, send, answer } = server((questions) => {
    const at = questions.findIndex(({ ask }) => ask.filter === 'bad');
    return at < 0 ? null : { answers: null, problem, at };
  });
  const feed = new Feed(send, () => 0);
  all(feed, [wanted('first'), wanted('a'), wanted('bad'), wanted('c')]);
  await answer();
  expect(['a', 'bad', 'c'].map((id) => feed.state(id).problem?.message ?? null)).toEqual([null, 'No.', null]);
  const before = asked.length;
  feed.refresh();
  await answer();
  // Known to be bad by now: it is asked alone, the others together.
  expect(asked.slice(before)).toEqual([['first', 'a', 'c'], ['bad']]);
});

it('splits what took too long, and tells all when the line is down', async () => {
  let down = false;
  const { send, answer, asked } = server((questions) => {
    if (down) return { answers: null, problem: { ...problem, isNetwork: true }, at: null };
    return questions.length > 1 ? { answers: null, problem, at: null } : null;
  });
  const feed = new Feed(send, () => 0);
  all(feed, [wanted('z'), wanted('a'), wanted('b')]);
  await answer();
  expect(['a', 'b'].map((id) => feed.state(id).current)).toEqual([true, true]);
  down = true;
  const before = asked.length;
  feed.refresh();
  await answer();
  expect(asked.length - before).toBeLessThanOrEqual(3);
  expect(feed.state('a')).toMatchObject({ problem: { isNetwork: true }, answers: { main: { rows: ['a'] } } });
});

it('keeps the old answer until the new one is there, and drops one that was overtaken', async () => {
  const { send, answer } = server();
  const feed = new Feed(send, () => 0);
  all(feed, [wanted('a', ['old'], 'old')]);
  await answer();
  feed.want([wanted('a', ['late'], 'late')]);
  feed.want([wanted('a', ['new'], 'new')]);
  expect(feed.state('a')).toMatchObject({
    current: false,
    waiting: true,
    answers: { main: { rows: ['old'] } },
  });
  await answer();
  expect(feed.state('a')).toMatchObject({ current: true, answers: { main: { rows: ['new'] } } });
});
