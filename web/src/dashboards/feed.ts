/** Asks for the widgets in sight, a few in one operation and two operations at a time, and keeps what each last said. */
import { TOGETHER } from '../api/aggregate';
import type { ApiProblem } from '../api/errors';
import type { Answer } from './answer';
import type { Question, Questions, Role } from './question';

export interface Wanted {
  id: string;
  /** Changes when the question does; while it stays, answers only get fresher. */
  key: string;
  questions: Questions;
}

export type Answers = Partial<Record<Role, Answer>>;

export interface WidgetState {
  /** The last good answers, kept while the next are on their way and when they fail. */
  answers: Answers | null;
  /** Whether they answer the present question. */
  current: boolean;
  waiting: boolean;
  problem: ApiProblem | null;
  answeredAt: number;
}

export interface Told {
  answers: Answer[];
  problem: null;
}
export interface Refused {
  answers: null;
  problem: ApiProblem;
  /** Which question it was about; null where that is not known. */
  at: number | null;
}
/** Sends questions as one operation, as of a moment. */
export type Send = (questions: readonly Question[], now: number) => Promise<Told | Refused>;

const AT_ONCE = 2;
const NOTHING: WidgetState = { answers: null, current: false, waiting: true, problem: null, answeredAt: 0 };

interface Entry {
  wanted: Wanted;
  state: WidgetState;
  answeredKey: string;
  due: boolean;
  flying: boolean;
  /** Failed before, so that it must not spoil the answer of others. */
  alone: boolean;
}

export class Feed {
  private entries = new Map<string, Entry>();
  private readonly seen = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private flying = 0;
  private moment = 0;
  /** When all that was due had last been answered, and how long that took. */
  finishedAt = 0;
  took = 0;

  constructor(
    private readonly send: Send,
    private readonly clock: () => number,
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  state = (id: string): WidgetState => this.entries.get(id)?.state ?? NOTHING;

  /** What is to be known from now on, in the order of asking. */
  want(list: readonly Wanted[]): void {
    const next = new Map<string, Entry>();
    for (const wanted of list) {
      const was = this.entries.get(wanted.id);
      if (!was) {
        next.set(wanted.id, {
          wanted,
          state: NOTHING,
          answeredKey: '',
          due: true,
          flying: false,
          alone: false,
        });
      } else if (was.wanted.key === wanted.key) {
        next.set(wanted.id, was);
      } else {
        const current = was.answeredKey === wanted.key;
        const state = { ...was.state, current, waiting: true, problem: null };
        next.set(wanted.id, { ...was, wanted, state, due: true, flying: false, alone: false });
      }
    }
    this.entries = next;
    this.begin();
  }

  see(id: string, inSight: boolean): void {
    if (inSight) this.seen.add(id);
    else this.seen.delete(id);
    if (inSight) this.begin();
  }

  /** Asks again for what is in sight; the rest is asked for when it comes into sight. */
  refresh(ids?: readonly string[]): void {
    for (const entry of this.entries.values()) if (!ids || ids.includes(entry.wanted.id)) entry.due = true;
    this.begin();
  }

  private begin(): void {
    if (this.flying === 0) this.moment = this.clock();
    while (this.flying < AT_ONCE) {
      const batch = this.nextBatch();
      if (!batch.length) break;
      this.fly(batch);
    }
    this.tell();
  }

  private nextBatch(): Entry[] {
    const batch: Entry[] = [];
    let questions = 0;
    for (const entry of this.entries.values()) {
      if (!entry.due || entry.flying || !this.seen.has(entry.wanted.id)) continue;
      const more = Object.keys(entry.wanted.questions).length;
      if (batch.length && (entry.alone || questions + more > TOGETHER)) continue;
      batch.push(entry);
      questions += more;
      if (entry.alone) break;
    }
    return batch;
  }

  private async fly(batch: Entry[]): Promise<void> {
    const started = this.clock();
    this.flying += 1;
    // Widgets with the same question share its answer.
    const places = new Map<string, number>();
    const questions: Question[] = [];
    for (const entry of batch) {
      entry.due = false;
      entry.flying = true;
      entry.state = { ...entry.state, waiting: true };
      for (const question of Object.values(entry.wanted.questions)) {
        const key = JSON.stringify(question);
        if (places.has(key)) continue;
        places.set(key, questions.length);
        questions.push(question);
      }
    }
    const placeOf = (question: Question) => places.get(JSON.stringify(question)) ?? -1;
    const result = await this.send(questions, this.moment);
    this.flying -= 1;
    for (const entry of batch) {
      entry.flying = false;
      const roles = Object.entries(entry.wanted.questions) as [Role, Question][];
      if (result.answers) {
        const told = result.answers;
        const answers = Object.fromEntries(roles.map(([role, asked]) => [role, told[placeOf(asked)]]));
        entry.answeredKey = entry.wanted.key;
        entry.state = { answers, current: true, waiting: false, problem: null, answeredAt: this.clock() };
        continue;
      }
      const { problem, at } = result;
      const guilty = at === null || roles.some(([, asked]) => placeOf(asked) === at);
      if (batch.length > 1 && !problem.isNetwork) {
        // One bad question empties the whole answer: the guilty is asked alone, the others again.
        entry.due = true;
        entry.alone = entry.alone || guilty;
      } else {
        entry.alone = !problem.isNetwork;
        entry.state = { ...entry.state, waiting: false, problem };
      }
    }
    this.took = this.clock() - started;
    this.finishedAt = this.clock();
    this.begin();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
