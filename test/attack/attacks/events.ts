import { setTimeout as delay } from 'node:timers/promises';
import { request } from '../../faults/cluster/request.ts';
import { repeat, type Attack } from '../attack.ts';
import type { Site } from '../site.ts';
import type { Tally } from '../tally.ts';
import { openSocket, subscribe } from './clients.ts';

const owned = { owners: 3, each: 50 };
const joinDocument =
  'mutation ($input: JoinRoomInput!) { joinRoom(input: $input) { room { id } } }';
const createDocument =
  'mutation ($input: CreateRoomInput!) { createRoom(input: $input) { room { id } } }';

/** Each document is another, so that each is executed for every event. */
const expensive = (place: number) =>
  `subscription S${place}($roomId: ID!) { roomMessages(roomId: $roomId) { __typename ... on MessageSent { message { id body author { id username } conversation { id messages(last: ${place < 200 ? 100 : 2}) { edges { node { id body author { username } } } } } } } } }`;
const cheap = (place: number) =>
  `subscription C${place}($roomId: ID!) { roomMessages(roomId: $roomId) { __typename ... on MessageSent { message { id body mentions { id username } } } } }`;

/**
 * Follows the room of the bystanders, whose messages make the node work, with as many documents as
 * it takes.
 */
async function followWith(
  site: Site,
  tally: Tally,
  forMs: number,
  documentOf: (place: number) => string,
): Promise<void> {
  const { token } = await site.takeUsers(1)[0]!.sign();
  await request(site.url, token, joinDocument, { input: { roomId: site.roomId } });
  const sockets = await Promise.all(
    Array.from({ length: 4 }, () => openSocket(site, tally, { token })),
  );
  for (let place = 0; place < 400; place++)
    subscribe(sockets[place % sockets.length]!, `s${place}`, documentOf(place), {
      roomId: site.roomId,
    });
  await delay(forMs);
  // The node may still work on the subscriptions.
  const isRefused = () => tally.counted('TOO_COMPLEX') + tally.counted('RATE_LIMITED') > 0;
  for (const giveUpAt = Date.now() + forMs; !isRefused() && Date.now() < giveUpAt;)
    await delay(100);
  for (const socket of sockets) socket.terminate();
}

/**
 * Creates rooms whose owner is online, so that the lobby lists them. Returns their owners' tokens.
 */
async function createRooms(site: Site): Promise<string[]> {
  const owners = await Promise.all(site.takeUsers(owned.owners).map((user) => user.sign()));
  for (const [place, { token }] of owners.entries())
    for (let count = 0; count < owned.each; count++)
      await request(site.url, token, createDocument, {
        input: { name: `Attic ${place} ${count} ${Date.now()}`, visibility: 'PUBLIC' },
      });
  return owners.map(({ token }) => token);
}

export const eventAttacks: readonly Attack[] = [
  {
    name: 'subscriptions whose every event is expensive',
    bound: 'eventMaxCost 500',
    async run(site, tally, forMs) {
      await followWith(site, tally, forMs, expensive);
      if (tally.counted('TOO_COMPLEX') === 0) tally.breaks('none was refused');
    },
  },
  {
    name: 'many different subscriptions to one room',
    bound: 'eventCostPerTopic 2,000; new documents of an address',
    async run(site, tally, forMs) {
      await followWith(site, tally, forMs, cheap);
      if (tally.counted('TOO_COMPLEX') + tally.counted('RATE_LIMITED') === 0)
        tally.breaks('none was refused');
    },
  },
  {
    name: `the lobby of ${owned.owners * owned.each} rooms with 60 documents, while their owners come and go`,
    bound: 'eventCostPerTopic; one change of a room each 250 ms',
    async run(site, tally, forMs) {
      const owners = await createRooms(site);
      const { token } = await site.takeUsers(1)[0]!.sign();
      const sockets = await Promise.all(
        Array.from({ length: 4 }, () => openSocket(site, tally, { token })),
      );
      for (let place = 0; place < 60; place++)
        subscribe(
          sockets[place % sockets.length]!,
          `l${place}`,
          `subscription L${place} { lobby { __typename ... on LobbySnapshot { rooms { onlineCount usernames room { id name } } } } }`,
        );
      await repeat({ count: 200, atOnce: owned.owners, forMs }, async (place) => {
        const socket = await openSocket(site, tally, { token: owners[place % owners.length]! });
        await delay(100);
        socket.terminate();
      });
      for (const socket of sockets) socket.terminate();
    },
  },
];
