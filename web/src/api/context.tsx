import { createContext, type ReactNode, useContext, useState } from 'react';
import type { Client } from 'urql';
import { createApiClient } from './client';
import { Live } from './live';

interface Api {
  client: Client;
  live: Live;
}

const Context = createContext<Api | null>(null);

export function ApiProvider({ children }: { children: ReactNode }) {
  const [api] = useState<Api>(() => {
    const url = new URL('/graphql', location.origin);
    url.protocol = url.protocol.replace('http', 'ws');
    return { client: createApiClient(), live: new Live(url.toString()) };
  });
  return <Context value={api}>{children}</Context>;
}

export function useApi(): Api {
  const api = useContext(Context);
  if (!api) throw new Error('useApi needs an ApiProvider above it.');
  return api;
}
