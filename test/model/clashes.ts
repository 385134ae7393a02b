import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../faults/random.ts';
import { mySupport, resolve } from '../support/desk.ts';
import { person } from '../support/person.ts';
import { editMessage } from '../support/messages.ts';
import { send } from '../support/send-and-follow.ts';
import { startNode } from '../support/start-node.ts';

/**
 * A customer writes while an admin resolves, again and again. The event loop is blocked meanwhile,
 * so that both events are often executed together. Returns the first clash that ends with another
 * state for the customer's client than for the API.
 */
export async function findWrongState(random: Random, clashes: number): Promise<number | undefined> {
  await using node = await startNode({
    settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' },
  });
  await using ann = await person(node, 'ann');
  await using root = await person(node, 'root');
  const { id } = await mySupport(ann);
  const received = ann.follow(
    `subscription { supportMessages { __typename
      ... on SupportUpdated { conversation { ... on SupportConversation { status } } }
      ... on MessageEdited { message { id } } } }`,
    {},
    ann.socket,
  );
  await received.find(({ __typename }) => __typename === 'CaughtUp');
  for (let clash = 0; clash < clashes; clash++) {
    await send(ann, id, 'open');
    const both = [
      resolve(root, id),
      delay(random.between(0, 15)).then(() => send(ann, id, 'and')),
    ] as const;
    await delay(random.between(0, 15));
    block(random.between(10, 50));
    const [, { id: messageId }] = await Promise.all(both);
    await editMessage(ann, { messageId, body: 'the last event' });
    await received.find(({ message }) => message?.id === messageId);
    const shown = received.events
      .filter(({ __typename }) => __typename === 'SupportUpdated')
      .at(-1);
    if (shown && shown.conversation.status !== (await mySupport(ann)).status) return clash;
  }
  return undefined;
}

function block(ms: number): void {
  for (const end = Date.now() + ms; Date.now() < end;);
}
