import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'node:net';
import type { WebSocket } from 'ws';
import { createRandom } from '../../faults/random.ts';
import { request } from '../../faults/cluster/request.ts';
import { faultsOnSocket } from '../../fuzz/checker.ts';
import { talk } from '../../fuzz/clients.ts';
import { mutate } from '../../fuzz/mutate.ts';
import { httpRequest } from '../../support/unread.ts';
import { repeat, type Attack } from '../attack.ts';
import { openSocket, rotatedAddress, subscribe } from './clients.ts';

const socketCount = 400;
const anonymousAtMost = 100;
const perUserAtMost = 20;
/** For a thousand subscriptions on ten sockets. */
const openAtMostBytes = 30 * 2 ** 20;

/** Opens many sockets and keeps them. */
const sockets = (
  name: string,
  bound: string,
  atMost: number,
  options: (place: number) => Parameters<typeof openSocket>[2],
  isOfUser = false,
): Attack => ({
  name,
  bound,
  async run(site, tally, forMs) {
    const token = isOfUser ? (await site.takeUsers(1)[0]!.sign()).token : undefined;
    const opened: WebSocket[] = [];
    await repeat({ count: socketCount, atOnce: 20, forMs }, async (place) => {
      opened.push(await openSocket(site, tally, { token, ...options(place) }));
    });
    tally.count(`${opened.filter((socket) => socket.readyState === socket.OPEN).length} open`);
    if (tally.counted('acknowledged') > atMost)
      tally.breaks(`${tally.counted('acknowledged')} sockets were accepted`);
    for (const socket of opened) socket.terminate();
  },
});

export const connectionAttacks: readonly Attack[] = [
  sockets('sockets without a token', '100 for each address', anonymousAtMost, () => ({})),
  sockets(
    'sockets without a token from an IPv6 /64',
    '100 for each /64',
    anonymousAtMost,
    (place) => ({
      address: rotatedAddress(place),
    }),
  ),
  sockets('sockets of one user', '20 for each user', perUserAtMost, () => ({}), true),
  sockets('sockets that never introduce themselves', '5 s', 0, () => ({ isInitialised: false })),
  {
    name: 'subscriptions with 60 KB of text each',
    bound: '100 for each connection, 20 connections for each user',
    async run(site, tally, forMs) {
      const { token } = await site.takeUsers(1)[0]!.sign();
      const before = await site.heapBytes();
      const opened = await Promise.all(
        Array.from({ length: 10 }, () => openSocket(site, tally, { token })),
      );
      const filler = { filler: 'x'.repeat(60_000) };
      for (let id = 0; id < 100; id++)
        for (const socket of opened)
          subscribe(socket, `n${id}`, 'subscription { notifications { __typename } }', {}, filler);
      await delay(forMs);
      const kept = (await site.heapBytes()) - before;
      tally.count(`${Math.round(kept / 2 ** 20)} MiB of heap while they are open`);
      if (kept > openAtMostBytes) tally.breaks('open subscriptions keep their text');
      for (const socket of opened) socket.terminate();
    },
  },
  {
    name: 'event streams that are aborted at random moments',
    bound: 'nothing is left over',
    async run(site, tally, forMs) {
      const random = createRandom(1);
      const { token } = await site.takeUsers(1)[0]!.sign();
      const { hostname, port } = new URL(site.url);
      const join = 'mutation ($input: JoinRoomInput!) { joinRoom(input: $input) { __typename } }';
      await request(site.url, token, join, { input: { roomId: site.roomId } });
      const stream = httpRequest(
        site.url,
        `subscription { roomMessages(roomId: "${site.roomId}") { __typename } }`,
        token,
        'text/event-stream',
      );
      await repeat({ count: 1000, atOnce: 8, forMs }, async () => {
        const socket = connect({ host: hostname, port: Number(port) });
        socket.on('error', () => {}).on('data', () => {});
        socket.write(stream);
        await delay(random.between(0, 120));
        tally.count(socket.bytesRead > 0 ? 'answered' : 'aborted before the answer');
        socket.destroy();
      });
    },
  },
  {
    name: 'mutated messages over sockets',
    bound: 'only codes of clients, no exception',
    run: (site, tally, forMs) =>
      repeat({ count: 2000, atOnce: 16, forMs }, async (place) => {
        const random = createRandom(place);
        const message = JSON.stringify({
          id: 'a',
          type: 'subscribe',
          payload: { query: '{ serverInfo { version limits { pageMax } } }' },
        });
        const { messages, code } = await talk(site.wsUrl, [
          JSON.stringify({ type: 'connection_init' }),
          mutate(random, message),
        ]);
        tally.count(code === undefined ? 'open' : `closed ${code}`);
        for (const fault of faultsOnSocket(messages, code)) tally.breaks(fault);
      }),
  },
];
