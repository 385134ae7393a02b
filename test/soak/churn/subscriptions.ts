import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { followDocument } from '../../faults/told.ts';
import type { Visit } from '../resident.ts';

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
  const firstOf = (query: string, variables: Record<string, unknown>) =>
    new Promise<any>((resolve, reject) => {
      const stop = client.subscribe<any>(
        { query, variables },
        {
          next: ({ data }) => {
            resolve(data);
            setImmediate(() => stop());
          },
          error: reject,
          complete: () => resolve(undefined),
        },
      );
    });
  const roomId = random.pick(roomIds);
  try {
    const data = await firstOf(followDocument, { roomId, last: random.chance(0.5) ? 5 : 0 });
    await firstOf(random.pick([typing, presence]), { id: roomId });
    if (random.chance(0.3)) await firstOf(lobby, {});
    await firstOf(followDocument, { roomId, after: data?.roomMessages.cursor });
  } finally {
    await client.dispose();
  }
};
