import { type Client, createClient } from 'graphql-ws';
import { stringifyDocument, type TypedDocumentNode } from 'urql';
import { session } from './session';

export type Connection = 'connecting' | 'open' | 'reconnecting';
type Listener = () => void;

/** The one WebSocket of the page: subscriptions that survive reconnecting, and the state of the line. */
export class Live {
  private state: Connection = 'connecting';
  private readonly listeners = new Set<Listener>();
  private readonly reopened = new Set<Listener>();
  private readonly socket: Client;

  constructor(url: string, webSocketImpl?: unknown) {
    this.socket = createClient({
      url,
      webSocketImpl,
      connectionParams: () => {
        const token = session.token();
        return token ? { token } : {};
      },
      keepAlive: 20_000,
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: (retries) =>
        new Promise((done) =>
          setTimeout(done, Math.min(250 * 2 ** retries, 8000) * (0.75 + Math.random() / 2)),
        ),
      shouldRetry: (closed) => {
        const code = (closed as { code?: number }).code;
        if (code === 4401 || code === 4403) session.refuse();
        return code !== 4401 && code !== 4403;
      },
      on: {
        connected: (_socket, _payload, wasRetry) => {
          this.become('open');
          if (wasRetry) for (const listener of this.reopened) listener();
        },
        closed: () => this.become('reconnecting'),
      },
    });
  }

  connection = (): Connection => this.state;

  subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Called when the line is back after a break: what was missed must be asked for again. */
  onReopen(listener: Listener): () => void {
    this.reopened.add(listener);
    return () => this.reopened.delete(listener);
  }

  /**
   * Follows a subscription. `variables` is asked again at each (re)connect, since graphql-ws
   * serialises the payload then: that is how a cursor moves on across a break.
   */
  follow<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: () => Variables,
    next: (data: Data) => void,
    failed: (message: string) => void = () => {},
  ): () => void {
    const payload = {
      query: stringifyDocument(document),
      get variables() {
        return variables() as Record<string, unknown>;
      },
    };
    return this.socket.subscribe<Data>(payload, {
      next: (result) => {
        if (result.errors?.[0]) failed(result.errors[0].message);
        if (result.data) next(result.data);
      },
      error: (reason) => failed(sentence(reason)),
      complete: () => {},
    });
  }

  private become(state: Connection): void {
    if (state === this.state) return;
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}

function sentence(reason: unknown): string {
  if (Array.isArray(reason) && reason[0]?.message) return String(reason[0].message);
  if (reason instanceof Error) return reason.message;
  return 'The live connection was closed.';
}
