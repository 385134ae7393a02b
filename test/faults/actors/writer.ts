import { setTimeout as delay } from 'node:timers/promises';
import { GraphQLRefused } from '../../support/person.ts';
import { insist, isPassing, request } from '../cluster/request.ts';
import { connectStockClient } from '../cluster/stock-client.ts';
import type { User } from '../cluster/users.ts';
import type { Random } from '../random.ts';
import type { Actor, Room, Run } from './run.ts';

const document =
  'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { duplicate message { id seq } } }';

interface Answer {
  readonly sendMessage: {
    readonly duplicate: boolean;
    readonly message: { readonly id: string; readonly seq: number };
  };
}

/**
 * Sends one message and notes that it was acknowledged. Rejects with GraphQLRefused when it was
 * refused.
 */
async function sendOnce(
  run: Run,
  user: User,
  room: Room,
  key: string,
  send: (input: Record<string, string>) => Promise<Answer>,
  body = '',
): Promise<void> {
  run.attempted.add(key);
  const { sendMessage } = await send({
    conversationId: room.id,
    body: `${key} ${body}`,
    idempotencyKey: key,
  });
  run.acknowledged.push({
    key,
    id: sendMessage.message.id,
    seq: sendMessage.message.seq,
    authorId: user.id,
  });
  run.counts.sends++;
  if (sendMessage.duplicate) run.counts.repeatedSends++;
}

const overHttp = (run: Run, user: User, random: Random) => (input: Record<string, string>) =>
  insist(run.endpoints, user, random, (url, token) => request(url, token, document, { input }));

/** A send of a user who may be removed meanwhile. It is not repeated after a refusal. */
export async function sendIfAllowed(
  run: Run,
  user: User,
  room: Room,
  key: string,
  random: Random,
): Promise<void> {
  await sendOnce(run, user, room, key, overHttp(run, user, random)).catch((error) => {
    if (
      error instanceof GraphQLRefused &&
      (error.code === 'FORBIDDEN' || error.code === 'NOT_FOUND')
    )
      return;
    run.violate('send', `${key} was not answered: ${error.code} ${error.message}`);
  });
}

/**
 * Writes one message after the other, each until it is acknowledged, over HTTP or a socket;
 * sometimes the same one twice at once.
 */
export function startWriter(
  run: Run,
  user: User,
  rooms: readonly Room[],
  random: Random,
  {
    transport,
    pauseMs,
    body = '',
  }: { transport: 'HTTP' | 'socket'; pauseMs: number; body?: string },
): Actor {
  const stockClient = connectStockClient(run.endpoints, user, random);
  const http = overHttp(run, user, random);
  let isStopped = false;

  async function overSocket(input: Record<string, string>): Promise<Answer> {
    for (;;) {
      try {
        return await new Promise<Answer>((resolve, reject) => {
          stockClient.client.subscribe<any>(
            { query: document, variables: { input } },
            {
              next: ({ data, errors }) =>
                errors ? reject(new GraphQLRefused(errors[0] as never)) : resolve(data),
              error: (errors) =>
                reject(Array.isArray(errors) ? new GraphQLRefused(errors[0]) : errors),
              complete: () => reject(new Error('completed without an answer')),
            },
          );
        });
      } catch (error) {
        if (!isPassing(error)) throw error;
        await delay(random.between(50, 300));
      }
    }
  }

  const send = transport === 'HTTP' ? http : overSocket;
  const writing = (async () => {
    for (let number = 1; !isStopped; number++) {
      const key = `${user.name}-${number}`;
      const room = random.pick(rooms);
      const tries = random.chance(0.05) ? [send, http] : [send];
      await Promise.all(tries.map((one) => sendOnce(run, user, room, key, one, body))).catch(
        (error) => run.violate('send', `${key} was not answered: ${error.code} ${error.message}`),
      );
      await delay(random.between(0, 2 * pauseMs));
    }
  })();

  return {
    async stop() {
      isStopped = true;
      await writing;
      await stockClient[Symbol.asyncDispose]();
    },
  };
}
