import { Client, fetchExchange } from 'urql';
import { session } from './session';

/** Queries over POST. Live ranges must be asked anew each time, so there is no cache in between. */
export function createApiClient(fetcher: typeof fetch = (...args) => fetch(...args)): Client {
  return new Client({
    url: new URL('/graphql', location.origin).toString(),
    exchanges: [fetchExchange],
    preferGetMethod: false,
    requestPolicy: 'network-only',
    fetchOptions: () => {
      const token = session.token();
      return {
        headers: {
          // A query is one answer; without this urql would take an event stream as well.
          accept: 'application/graphql-response+json, application/json',
          'x-requested-with': 'tapetum',
          ...(token ? { authorization: `Bearer ${token}` } : {}),
        },
      };
    },
    fetch: async (input, init) => {
      const answer = await fetcher(input, init);
      if (answer.status === 401) session.refuse();
      return answer;
    },
  });
}
