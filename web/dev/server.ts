/** The page's stand-in for the API: the real schema over the fixture cluster, live. Development only. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { useServer } from 'graphql-ws/use/ws';
import { createSchema, createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { schema as resolvers, typeDefs } from './resolvers';

const port = Number(process.env.PORT ?? 8091);
const token = process.env.FIXTURE_TOKEN;
const schema = createSchema({ typeDefs, resolvers });
const yoga = createYoga({
  schema,
  graphqlEndpoint: '/graphql',
  graphiql: false,
  logging: false,
  maskedErrors: false,
});

const page = fileURLToPath(new URL('../../tapetum/service/page/', import.meta.url));
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const CSP = `default-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self'; connect-src 'self' ws://127.0.0.1:${port}; frame-ancestors 'none'`;

const server = createServer(async (request, response) => {
  const path = new URL(request.url ?? '/', 'http://fixture').pathname;
  if (path === '/graphql') {
    if (token && request.headers.authorization !== `Bearer ${token}`) {
      response
        .writeHead(401, { 'content-type': 'application/json' })
        .end('{"errors":[{"message":"Sign in."}]}');
      return;
    }
    yoga(request, response);
    return;
  }
  const file = extname(path) ? path : '/index.html';
  try {
    const body = await readFile(join(page, file));
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': CSP,
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});

// biome-ignore lint/correctness/useHookAtTopLevel: not a React hook, the name is graphql-ws's
useServer(
  {
    schema,
    onConnect: (ctx) => !token || (ctx.connectionParams as { token?: string } | undefined)?.token === token,
  },
  new WebSocketServer({ server, path: '/graphql' }),
);
server.listen(port, '127.0.0.1', () => console.log(`fixture on http://127.0.0.1:${port}`));
