import { setTimeout as delay } from 'node:timers/promises';
import { insist, request } from '../cluster/request.ts';
import type { User } from '../cluster/users.ts';
import type { Random } from '../random.ts';
import { observationOfMessage } from '../observations.ts';
import type { Actor, Room, Run } from './run.ts';

const document =
  'query ($id: ID!) { conversation(id: $id) { messages(last: 50) { edges { node { id seq body createdAt author { id } } } } } }';

/** Reads the newest page of a room's history now and then, from whatever node. */
export function startReader(run: Run, user: User, rooms: readonly Room[], random: Random): Actor {
  let isStopped = false;
  const reading = (async () => {
    while (!isStopped) {
      const { id } = random.pick(rooms);
      const { conversation } = await insist(run.endpoints, user, random, (url, token) =>
        request(url, token, document, { id }),
      );
      run.pages.push({
        roomId: id,
        messages: conversation.messages.edges.map(
          ({ node }: { node: Parameters<typeof observationOfMessage>[0] }) =>
            observationOfMessage(node),
        ),
      });
      run.counts.pagesOfHistory++;
      await delay(random.between(100, 1500));
    }
  })().catch((error) =>
    run.violate(
      'history',
      `a page of the history could not be read: ${error.code} ${error.message}`,
    ),
  );
  return {
    async stop() {
      isStopped = true;
      await reading;
    },
  };
}
