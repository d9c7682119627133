import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TypedDocumentNode } from 'urql';
import { gql } from 'urql';
import { afterEach, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Live } from './live';

/** A server of graphql-transport-ws that notes what it is asked and can cut every line. */
async function serve() {
  const asked: Record<string, unknown>[] = [];
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'graphql-transport-ws' });
  const http = createServer();
  http.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (line) => {
      line.on('message', (raw) => {
        const message = JSON.parse(String(raw));
        if (message.type === 'connection_init') line.send('{"type":"connection_ack"}');
        if (message.type === 'subscribe') {
          asked.push(message.payload.variables);
          const cursor = `c${asked.length}`;
          line.send(JSON.stringify({ id: message.id, type: 'next', payload: { data: { cursor } } }));
        }
      });
    });
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const cut = () => {
    for (const line of sockets.clients) line.terminate();
  };
  return {
    url,
    asked,
    cut,
    stop: () => {
      cut();
      http.close();
    },
  };
}

let stop = () => {};
afterEach(() => stop());

const until = async (holds: () => boolean) => {
  for (let tries = 0; tries < 200 && !holds(); tries += 1) await new Promise((done) => setTimeout(done, 25));
  expect(holds()).toBe(true);
};

it('resumes a subscription after a break with the last cursor, and tells that the line was down', async () => {
  const server = await serve();
  stop = server.stop;
  const live = new Live(server.url, WebSocket);
  const states: string[] = [];
  live.subscribe(() => states.push(live.connection()));
  let reopened = 0;
  live.onReopen(() => {
    reopened += 1;
  });
  let cursor: string | null = null;
  const document = gql`subscription { cursor }` as TypedDocumentNode<
    { cursor: string },
    { after: string | null }
  >;
  const unfollow = live.follow(
    document,
    () => ({ after: cursor }),
    (data) => {
      cursor = data.cursor;
    },
  );
  await until(() => cursor === 'c1');
  server.cut();
  await until(() => cursor === 'c2');
  unfollow();
  expect(server.asked).toEqual([{ after: null }, { after: 'c1' }]);
  expect(states).toEqual(['open', 'reconnecting', 'open']);
  expect(reopened).toBe(1);
});
