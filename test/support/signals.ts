import { setTimeout as delay } from 'node:timers/promises';
import type { Person } from './person.ts';
import type { Received } from './received.ts';

const document = 'mutation ($input: SendSignalInput!) { sendSignal(input: $input) { ok } }';

/** Sends a signal as a user or as a backend. */
export const sendSignal = async (
  from: { query(document: string, variables?: Record<string, unknown>): Promise<any> },
  input: Record<string, unknown>,
): Promise<unknown> =>
  (await from.query(document, { input: { type: 'test', ...input } })).sendSignal;

/** Follows the signals of a conversation, or those to the user. */
export const followSignals = (
  who: Person,
  conversationId?: string,
  socket = who.socket,
): Received =>
  who.follow(
    'subscription ($id: ID) { signals(conversationId: $id) { type data conversationId sentAt sender { username } } }',
    { id: conversationId },
    socket,
  );

/** Sends a signal until the subscription receives it. It receives every later one, too. */
export async function isFollowing(received: Received, send: () => Promise<unknown>): Promise<void> {
  for (; received.events.length === 0; await delay(50)) await send();
  received.events.length = 0;
}

export const typesOf = (received: Received): string[] =>
  received.events.map(({ type }) => type).filter((type) => type !== 'test');
