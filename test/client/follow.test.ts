import { describe, expect, it } from 'vitest';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { person } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { connectSdk, statesOf, takeAll } from '../support/sdk.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { bodiesUpTo, send } from '../support/talk.ts';
import { until } from '../support/until.ts';

const port = (node: TestNode) => Number(new URL(node.url).port);
const bodiesOf = (events: readonly { __typename: string }[]) => events.flatMap((event) => (event.__typename === 'MessageSent' ? [(event as unknown as { message: { body: string } }).message.body] : []));

describe('following', () => {
  it('[P1] [P2] goes on after the last event whenever the connection is cut, without a hole or a repeat', async () => {
    await using node = await startNode({ settings: { RATE_LIMITS: 'off' } });
    await using proxy = await startFaultProxy(port(node));
    await using ann = await person(node, 'ann');
    const { id: roomId } = await createRoom(ann, { name: 'Harbour' });
    using causerie = connectSdk({ url: `http://127.0.0.1:${proxy.port}/graphql`, token: ann.token });
    const states = statesOf(causerie);
    const told = takeAll(causerie.roomMessages({ roomId }));
    await until('it follows', () => told.events.length === 1);
    for (let count = 1; count <= 40; count++) {
      await send(ann, roomId, `${count}`);
      if (count % 8 === 4) proxy.cut();
    }
    await until('all is heard', () => bodiesOf(told.events).length >= 40);
    expect(bodiesOf(told.events)).toEqual(bodiesUpTo(40));
    expect(states.filter((status) => status === 'waiting').length).toBeGreaterThanOrEqual(2);
    expect(causerie.connection.status).toBe('connected');
  });

  it('[P2] goes on after the server was restarted, however long it is away', async () => {
    const first = await startNode({ settings: { DATA_DIR: 'memory', ...(await import('../support/servers.ts')).postgresUrl ? {} : {} } });
    await using proxy = await startFaultProxy(port(first));
    await using ann = await person(first, 'ann');
    const { id: roomId } = await createRoom(ann, { name: 'Harbour' });
    using causerie = connectSdk({ url: `http://127.0.0.1:${proxy.port}/graphql`, token: ann.token });
    const told = takeAll(causerie.roomMessages({ roomId }));
    await until('it follows', () => told.events.length === 1);
    await first[Symbol.asyncDispose]();
    expect(told.ending).toBeUndefined();
  });
});
