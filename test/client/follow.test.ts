import { describe, expect, it } from 'vitest';
import { isCauserieError } from '../../client/src/index.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { person } from '../support/person.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { bodiesIn, connectSdk, kindsIn, statesOf, takeAll } from '../support/sdk.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { postgresUrl } from '../support/servers.ts';
import { startNode, type NodeOptions, type TestNode } from '../support/start-node.ts';
import { bodiesUpTo, send } from '../support/talk.ts';
import { until } from '../support/until.ts';

const port = (node: TestNode) => Number(new URL(node.url).port);

/** A node, a wire to it, a room with its owner, and the SDK that follows it over the wire. */
async function startFollowing({ limits, settings }: NodeOptions = {}, options: Partial<Parameters<typeof connectSdk>[0]> = {}, followOptions: { buffer?: number } = {}) {
  const stack = new AsyncDisposableStack();
  const node = stack.use(await startNode({ limits, settings: { RATE_LIMITS: 'off', ...settings } }));
  const proxy = stack.use(await startFaultProxy(port(node)));
  const ann = stack.use(await person(node, 'ann'));
  const { id: roomId } = await createRoom(ann, { name: 'Harbour' });
  const causerie = stack.use(connectSdk({ url: `http://127.0.0.1:${proxy.port}/graphql`, token: ann.token, ...options }));
  const states = statesOf(causerie);
  const following = causerie.roomMessages({ roomId }, followOptions);
  return { node, proxy, ann, roomId, causerie, states, following, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

async function sendMany(ann: Parameters<typeof send>[0], roomId: string, count: number, from = 1): Promise<void> {
  for (let number = from; number < from + count; number++) await send(ann, roomId, `${number}`);
}
