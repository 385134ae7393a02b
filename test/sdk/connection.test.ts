import { SignJWT } from 'jose';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { person } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { bodiesIn, connectSdk, kindsIn, openHarbour, statesOf, takeAll } from '../support/sdk.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { postgresUrl } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { bodiesUpTo, send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';

const port = (node: TestNode) => Number(new URL(node.url).port);

describe('a server that restarts', () => {
  it('[P2] is reached again, without lost or repeated events', async () => {
    const first = await startNode({
      settings: postgresUrl ? {} : { DATA_DIR: temporaryDirectory() },
    });
    await using proxy = await startFaultProxy(port(first));
    const ann = await person(first, 'ann');
    const { id: roomId } = await createRoom(ann, { name: 'Harbour' });
    const causerie = connectSdk({
      url: `http://127.0.0.1:${proxy.port}/graphql`,
      token: ann.token,
    });
    const received = takeAll(causerie.roomMessages({ roomId }));
    await until('it follows', () => received.events.length === 1);
    await send(ann, roomId, '1');
    const sent = causerie.sendMessage({ conversationId: roomId, body: '2' });
    await ann[Symbol.asyncDispose]();
    await first[Symbol.asyncDispose]();
    const later = causerie.sendMessage({ conversationId: roomId, body: '3' });
    await until('it is missed', () => causerie.connection.status === 'waiting');
    await using second = await startNode({ settings: first.settings });
    proxy.target = port(second);
    await Promise.all([sent, later]);
    await until('all events are received', () => bodiesIn(received).length >= 3);
    expect(bodiesIn(received)).toEqual(bodiesUpTo(3));
    causerie.close();
  });
});

describe('a silent link', () => {
  it('is replaced if it is dead', async () => {
    await using harbour = await openHarbour(
      {},
      { timing: { pingMs: 100, pongMs: 100, connectMs: 300 } },
    );
    const { causerie, proxy, ann, roomId } = harbour;
    const received = takeAll(causerie.roomMessages({ roomId }));
    await until('it follows', () => received.events.length === 1);
    await send(ann, roomId, '1');
    await until('it receives the message', () => bodiesIn(received).length === 1);
    proxy.stall();
    for (let count = 2; count <= 5; count++) await send(ann, roomId, `${count}`);
    await until('it is noticed', () => causerie.connection.status === 'waiting');
    await until('it tries, in vain', () => causerie.connection.status === 'connecting');
    // Data that waited in the stalled connections arrives, too.
    proxy.heal();
    await until('all events are received', () => bodiesIn(received).length >= 5);
    await send(ann, roomId, '6');
    await until('the last event is received', () => bodiesIn(received).includes('6'));
    expect(bodiesIn(received)).toEqual(bodiesUpTo(6));
  });

  it('is kept if the server only has nothing to send', async () => {
    await using harbour = await openHarbour({}, { timing: { pingMs: 50, pongMs: 1000 } });
    const { causerie, roomId } = harbour;
    const states = statesOf(causerie);
    const received = takeAll(causerie.roomMessages({ roomId }));
    await until('it follows', () => received.events.length === 1);
    await delay(500);
    expect(states).toEqual(['connecting', 'connected']);
  });
});

describe('a token that expires', () => {
  it('[P10] is replaced in time, so that a session outlasts its tokens without a reconnection', async () => {
    await using node = await startNode({ limits: { accessTokenMs: 2000 } });
    const causerie = connectSdk({ url: node.url });
    await causerie.signUp({ username: 'bob', password: 'correct horse battery staple' });
    const { id: roomId } = await causerie.createRoom({ name: 'Harbour' });
    const states = statesOf(causerie);
    const received = takeAll(causerie.roomMessages({ roomId }));
    await until('it follows', () => received.events.length === 1);
    const { accessToken } = causerie.session!;
    for (let count = 1; count <= 6; count++) {
      await causerie.sendMessage({ conversationId: roomId, body: `${count}` });
      await delay(1000);
    }
    await until('all events are received', () => bodiesIn(received).length >= 6);
    expect(bodiesIn(received)).toEqual(bodiesUpTo(6));
    expect(kindsIn(received).filter((kind) => kind === 'CaughtUp')).toHaveLength(1);
    expect(states).toEqual(['connecting', 'connected']);
    expect(causerie.session!.accessToken).not.toBe(accessToken);
    causerie.close();
  });

  it('[P10] ends a connection without a newer token, which reconnects with the next one', async () => {
    await using harbour = await openHarbour();
    const { node, ann, roomId, url } = harbour;
    let current = '';
    const tokenFor = (seconds: number) =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject('outsider')
        .setIssuedAt()
        .setExpirationTime(Math.ceil(Date.now() / 1000) + seconds)
        .sign(new TextEncoder().encode(node.settings.JWT_SECRET));
    // An application that renews its tokens only when they have ended.
    let endsAt = 0;
    const token = async () => {
      if (Date.now() >= endsAt) {
        endsAt = (Math.ceil(Date.now() / 1000) + 1) * 1000;
        current = await tokenFor(1);
      }
      return current;
    };
    const causerie = connectSdk({ url, token });
    await causerie.joinRoom({ roomId });
    const states = statesOf(causerie);
    const received = takeAll(causerie.roomMessages({ roomId }));
    await until('it follows', () => received.events.length === 1);
    for (let count = 1; count <= 8; count++) {
      await send(ann, roomId, `${count}`);
      await delay(400);
    }
    await until('all events are received', () => bodiesIn(received).length >= 8);
    expect(bodiesIn(received)).toEqual(bodiesUpTo(8));
    expect(states.filter((status) => status === 'connected').length).toBeGreaterThanOrEqual(2);
    causerie.close();
  });

  it('ends subscriptions with UNAUTHENTICATED if there is no other token', async () => {
    await using node = await startNode({ limits: { accessTokenMs: 1000 } });
    await using ann = await person(node, 'ann');
    const { id: roomId } = await createRoom(ann, { name: 'Harbour' });
    const causerie = connectSdk({ url: node.url, token: ann.token });
    const received = takeAll(causerie.roomMessages({ roomId }));
    await until('it is over', () => received.ending !== undefined);
    expect(received.ending).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'TOKEN_EXPIRED' });
    expect(causerie.connection).toMatchObject({
      status: 'refused',
      error: { code: 'UNAUTHENTICATED' },
    });
  });

  it('[P10] ends subscriptions when its session was ended elsewhere', async () => {
    await using node = await startNode();
    const causerie = connectSdk({ url: node.url });
    const session = await causerie.signUp({
      username: 'bob',
      password: 'correct horse battery staple',
    });
    const received = takeAll(causerie.lobby());
    await until('it follows', () => received.events.length === 1);
    await connectSdk({ url: node.url, token: session.accessToken }).signOut();
    await until('it is over', () => received.ending !== undefined);
    expect(received.ending).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(causerie.session).toBeNull();
  });

  it('is requested again from a function that throws', async () => {
    await using harbour = await openHarbour();
    const { url, ann } = harbour;
    let asked = 0;
    const causerie = connectSdk({
      url,
      token: () => {
        if (++asked < 3) throw new Error('not yet');
        return ann.token;
      },
    });
    const received = takeAll(causerie.lobby());
    await until('it follows', () => received.events.length === 1);
    expect(await causerie.viewer()).toMatchObject({ username: 'ann' });
    causerie.close();
  });
});
