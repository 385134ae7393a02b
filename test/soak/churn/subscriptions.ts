import { createClient } from 'graphql-ws';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { followDocument } from '../../faults/observations.ts';
import { within } from '../../support/within.ts';
import type { Visit } from '../town.ts';

const typing = `subscription ($id: ID!) { typing(conversationId: $id) { __typename } }`;
const presence = `subscription ($id: ID!) { roomPresence(roomId: $id) { __typename } }`;
const lobby = `subscription { lobby { __typename } }`;

/** Subscribes to several things, unsubscribes, resumes after the last cursor, and leaves. */
export const followAndResume: Visit = async ({ wsUrl, roomIds }, user, random) => {
  const { token } = await user.sign();
  const client = createClient({
    url: wsUrl,
    webSocketImpl: WebSocket,
    connectionParams: { token },
    retryAttempts: 0,
  });
  /** Resolves with the first result, then unsubscribes. */
  const firstOf = (what: string, query: string, variables: Record<string, unknown> = {}) => {
    let stop = () => {};
    const first = new Promise<any>((resolve, reject) => {
      stop = client.subscribe<any>(
        { query, variables },
        {
          next: ({ data, errors }) => (data ? resolve(data) : reject(errorOf(errors))),
          error: (error) => reject(errorOf(error)),
          complete: () => reject(new Error(`completed without an event: ${what}`)),
        },
      );
    });
    return within(`the first event of ${what}`, first).finally(() => stop());
  };
  const roomId = random.pick(roomIds);
  try {
    const last = random.chance(0.5) ? 5 : 0;
    const { roomMessages } = await firstOf('roomMessages', followDocument, { roomId, last });
    // No event is certain to come: often, nobody types.
    const stopTyping = client.subscribe(
      { query: typing, variables: { id: roomId } },
      { next: () => {}, error: () => {}, complete: () => {} },
    );
    await firstOf('roomPresence', presence, { id: roomId });
    if (random.chance(0.3)) await firstOf('lobby', lobby);
    await delay(random.between(0, 20));
    stopTyping();
    const after = roomMessages.cursor;
    await firstOf('roomMessages after a cursor', followDocument, { roomId, after });
  } finally {
    await client.dispose();
  }
};

/** The client reports refusals as lists, and closed or failed sockets as events. */
function errorOf(failure: unknown): Error {
  if (failure instanceof Error) return failure;
  const first = (Array.isArray(failure) ? failure[0] : failure) as {
    readonly message?: string;
    readonly code?: number;
    readonly reason?: string;
  };
  return new Error(first.message ?? `closed with ${first.code} ${first.reason}`);
}
