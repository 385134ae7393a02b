import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { person, type Person } from '../support/person.ts';
import { populationOf } from '../support/population.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { openUnreadWebSocket, textFrame } from '../support/unread.ts';
import { until } from '../support/until.ts';

let node: TestNode;
let ann: Person;

beforeAll(async () => {
  node = await startNode();
  ann = await person(node, 'ann');
});
afterAll(() => node[Symbol.asyncDispose]());

const subscribe = (token?: string) =>
  textFrame(
    JSON.stringify({
      id: 'a',
      type: 'subscribe',
      payload: {
        query: 'subscription { notifications { __typename } }',
        ...(token && { extensions: { headers: { authorization: `Bearer ${token}` } } }),
      },
    }),
  );

/**
 * Opens a socket and sends this in one packet. The client leaves the server's close unanswered and
 * keeps the socket open.
 */
async function send(bytes: Buffer, token?: string) {
  const socket = await openUnreadWebSocket(node.wsUrl, token);
  socket.write(bytes);
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => (text += chunk));
  return { socket, read: () => text };
}

const subscribers = async () => (await populationOf(node.url)).subscribers;

it.each([
  ['of the socket', true],
  ['of the operation', false],
])(
  '[P11] [P13] a subscription with the token %s does not start on a socket that was closed meanwhile',
  async (_whose, isOfSocket) => {
    const token = isOfSocket ? ann.token : undefined;
    const operation = subscribe(isOfSocket ? undefined : ann.token);
    const open = await send(operation, token);
    await until('it starts on an open socket', async () => (await subscribers()) === 1);
    open.socket.destroy();
    await until('it ends with the socket', async () => (await subscribers()) === 0);

    const closed = await send(Buffer.concat([operation, textFrame('no JSON')]), token);
    await until('the server sends its close frame', () => closed.read().includes('\x88'));
    await delay(200);
    expect(closed.socket.destroyed).toBe(false);
    expect(await subscribers()).toBe(0);
    closed.socket.destroy();
  },
);
