import { describe, expect, it } from 'vitest';
import { bodiesIn, connectSdk, openHarbour, takeAll, type Harbour } from '../support/sdk.ts';
import { until } from '../support/until.ts';

const historyOf = async ({ causerie, roomId }: Harbour): Promise<(string | null)[]> =>
  (await causerie.messages({ conversationId: roomId, last: 100 }))!.edges.map(
    ({ node }) => node.body,
  );

describe('sending', () => {
  it('[P6] retries until there is an answer, and stores nothing twice', async () => {
    await using harbour = await openHarbour({}, { timing: { requestMs: 300 } });
    const { causerie, proxy, roomId } = harbour;
    // It arrives, and the answer does not.
    proxy.stall('down');
    const sent = causerie.sendMessage({ conversationId: roomId, body: 'once' });
    await until('it is tried again', () => proxy.accepted >= 2);
    proxy.heal();
    expect(await sent).toMatchObject({ duplicate: true, message: { body: 'once' } });
    expect(await historyOf(harbour)).toEqual(['once']);
  });

  it('[P6] stores everything once and in the order of the calls while the connection is cut repeatedly', async () => {
    await using harbour = await openHarbour();
    const { causerie, proxy, roomId } = harbour;
    const bodies = Array.from({ length: 60 }, (_, place) => `${place}`);
    const sent = bodies.map(async (body, place) => {
      const result = await causerie.sendMessage({ conversationId: roomId, body });
      if (place % 10 === 3) proxy.cut();
      return result.message.body;
    });
    expect(await Promise.all(sent)).toEqual(bodies);
    expect(await historyOf(harbour)).toEqual(bodies);
  });

  it('continues after a refused send', async () => {
    await using harbour = await openHarbour();
    const { causerie, roomId } = harbour;
    const [empty, full] = await Promise.allSettled([
      causerie.sendMessage({ conversationId: roomId, body: ' ' }),
      causerie.sendMessage({ conversationId: roomId, body: 'full' }),
    ]);
    expect(empty).toMatchObject({ status: 'rejected', reason: { code: 'INVALID', field: 'body' } });
    expect(full).toMatchObject({ status: 'fulfilled', value: { duplicate: false } });
  });

  it('uses the key of the application, and gives each send without one its own', async () => {
    await using harbour = await openHarbour();
    const { causerie, roomId } = harbour;
    const input = { conversationId: roomId, body: 'same' };
    const [first, second, keyed, again] = [
      await causerie.sendMessage(input),
      await causerie.sendMessage(input),
      await causerie.sendMessage({ ...input, idempotencyKey: 'k' }),
      await causerie.sendMessage({ ...input, idempotencyKey: 'k' }),
    ];
    expect([first, second, keyed, again].map(({ duplicate }) => duplicate)).toEqual([
      false,
      false,
      false,
      true,
    ]);
    await expect(
      causerie.sendMessage({ ...input, body: 'other', idempotencyKey: 'k' }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('stops when it is aborted', async () => {
    await using harbour = await openHarbour();
    const { causerie, proxy, roomId } = harbour;
    proxy.refuse();
    proxy.cut();
    const abort = new AbortController();
    const sent = causerie.sendMessage(
      { conversationId: roomId, body: 'never mind' },
      { signal: abort.signal },
    );
    setTimeout(() => abort.abort(), 100);
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
    proxy.heal();
    expect(await historyOf(harbour)).toEqual([]);
  });
});

describe('a send that waits for an unreachable server', () => {
  const longPause = { retryMs: 60_000, retryMaxMs: 60_000 };

  it('[P6] is retried as soon as the connection is open, regardless of its pause', async () => {
    await using harbour = await openHarbour();
    const { ann, url, roomId } = harbour;
    let refused = 0;
    const refuse: typeof fetch = async () => {
      refused++;
      throw new TypeError('not reached');
    };
    let reach = refuse;
    const causerie = connectSdk({
      url,
      token: ann.token,
      fetch: (...request) => reach(...request),
      timing: longPause,
    });
    const sent = causerie.sendMessage({ conversationId: roomId, body: 'waiting' });
    const asked = causerie.viewer();
    await until('both wait', () => refused === 2);
    reach = fetch;
    const received = takeAll(causerie.roomMessages({ roomId, last: 1 }));
    expect(await sent).toMatchObject({ duplicate: false });
    expect(await asked).toMatchObject({ username: 'ann' });
    await until('it receives the message', () => bodiesIn(received).includes('waiting'));
    causerie.close();
  });

  it('is tried as often as configured', async () => {
    await using harbour = await openHarbour();
    const { ann, url } = harbour;
    let tries = 0;
    const refuse: typeof fetch = async () => {
      tries++;
      throw new TypeError('not reached');
    };
    const causerie = connectSdk({
      url,
      token: ann.token,
      fetch: (...request) => (tries < 8 ? refuse : fetch)(...request),
      queryAttempts: Infinity,
      timing: { retryMs: 1 },
    });
    await expect(causerie.viewer({ attempts: 2 })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(tries).toBe(2);
    expect(await causerie.viewer()).toMatchObject({ username: 'ann' });
    expect(tries).toBe(8);
    causerie.close();
  });
});

describe('a query', () => {
  it('is retried for a while if the server is unreachable; a mutation is not', async () => {
    await using harbour = await openHarbour({}, { timing: { retryMs: 100 } });
    const { causerie, proxy } = harbour;
    proxy.refuse();
    proxy.cut();
    const asked = causerie.viewer();
    await expect(causerie.createRoom({ name: 'Quay' })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    proxy.heal();
    expect(await asked).toMatchObject({ username: 'ann' });
    proxy.refuse();
    proxy.cut();
    await expect(causerie.viewer()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('returns the field of the operation, and null if the object does not exist', async () => {
    await using harbour = await openHarbour();
    const { causerie, roomId, ann } = harbour;
    expect(await causerie.room({ id: roomId })).toMatchObject({
      name: 'Harbour',
      viewerMember: { role: 'OWNER', user: { id: ann.id } },
    });
    expect(
      (await causerie.members({ conversationId: roomId }))!.edges.map(
        ({ node }) => node.user.username,
      ),
    ).toEqual(['ann']);
    expect(await causerie.members({ conversationId: ann.id })).toBeNull();
    expect(await causerie.setTyping({ conversationId: roomId, isTyping: true })).toBe(true);
    expect(await causerie.serverInfo()).toMatchObject({ limits: { pageMax: 100 } });
    expect(
      await causerie.ask<{ viewer: { username: string } }, undefined>('{ viewer { username } }'),
    ).toEqual({ viewer: { username: 'ann' } });
  });

  it('fails at once if the address is not valid', () => {
    expect(() => connectSdk({ url: 'ws://127.0.0.1/graphql' })).toThrow(/begin with http/);
  });

  it('fails with a clear error if there is no Causerie at the address', async () => {
    await using harbour = await openHarbour();
    await expect(
      connectSdk({ url: new URL('/elsewhere', harbour.url) }).serverInfo(),
    ).rejects.toMatchObject({ code: 'INTERNAL', message: expect.stringContaining('404') });
  });
});
