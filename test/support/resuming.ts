import type { Client } from 'graphql-ws';

/**
 * A graphql-ws client whose subscriptions resume after the last received cursor: it sends the same
 * payload again when it reconnects.
 */
export function resuming(client: Client): Client {
  return {
    ...client,
    subscribe(payload, sink) {
      const resumed = {
        ...payload,
        variables: { ...payload.variables } as Record<string, unknown>,
      };
      return client.subscribe<any, any>(resumed, {
        next(result) {
          const [event] = Object.values(result.data ?? {}) as { cursor?: string }[];
          if (event?.cursor) resumed.variables.after = event.cursor;
          sink.next(result);
        },
        error: (error) => sink.error(error),
        complete: () => sink.complete(),
      });
    },
  };
}
