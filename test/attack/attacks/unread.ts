import { setTimeout as delay } from 'node:timers/promises';
import type { Socket } from 'node:net';
import {
  flood,
  httpRequest,
  mostUnsent,
  openUnread,
  openUnreadWebSocket,
  textFrame,
} from '../../support/unread.ts';
import { request } from '../../faults/cluster/request.ts';
import type { Attack } from '../attack.ts';
import type { Site } from '../site.ts';
import { attackerAddress } from './clients.ts';

const mebibyte = 2 ** 20;
const sockets = 20;
const forwarded = [`X-Forwarded-For: ${attackerAddress}`];
const ping = textFrame(JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(60_000) } }));

interface Unread {
  readonly name: string;
  open(site: Site, token: string): Promise<Socket>;
  /** Makes the node answer, for so long. */
  provoke(socket: Socket, site: Site, token: string, forMs: number): Promise<unknown>;
  readonly isTrickling?: boolean;
}

/** Clients that make the node answer and do not read. */
const unread = ({ name, open, provoke, isTrickling = false }: Unread): Attack => ({
  name,
  bound: '64 MiB for all clients (UNSENT_MAX_MB), 32 MiB for each',
  async run(site, tally, forMs) {
    const { token } = await site.takeUsers(1)[0]!.sign();
    const opened = await Promise.all(Array.from({ length: sockets }, () => open(site, token)));
    const trickle = setInterval(() => {
      if (isTrickling) for (const socket of opened) socket.read(2048);
    }, 200);
    const most = await mostUnsent(site.url, () =>
      Promise.all(opened.map((socket) => provoke(socket, site, token, forMs))),
    );
    clearInterval(trickle);
    for (const socket of opened) tally.count(socket.closed ? 'disconnected' : 'open');
    tally.count(`${Math.round(most / mebibyte)} MiB unsent`);
    if (most > 65 * mebibyte) tally.breaks(`${Math.round(most / mebibyte)} MiB waited unsent`);
    for (const socket of opened) socket.destroy();
  },
});

const overWebSocket: Unread['open'] = ({ wsUrl }, token) =>
  openUnreadWebSocket(wsUrl, token, forwarded);
const overHttp: Unread['open'] = ({ url }) => openUnread(url);

async function floodFor(socket: Socket, chunk: Buffer, forMs: number): Promise<void> {
  const endAt = Date.now() + forMs;
  await flood(socket, chunk, 400, 500);
  await delay(Math.max(0, endAt - Date.now()));
}

const largePage = (roomId: string) =>
  `{ ${Array.from({ length: 20 }, (_, place) => `c${place}: conversation(id: "${roomId}") { messages(last: 100) { edges { node { id body } } } }`).join(' ')} }`;

export const unreadAttacks: readonly Attack[] = [
  unread({
    name: 'pings of the protocol, whose pongs nobody reads',
    open: overWebSocket,
    provoke: (socket, _site, _token, forMs) => floodFor(socket, ping, forMs),
  }),
  unread({
    name: 'the same, reading a little now and then',
    open: overWebSocket,
    provoke: (socket, _site, _token, forMs) => floodFor(socket, ping, forMs),
    isTrickling: true,
  }),
  unread({
    name: 'large answers over a socket that nobody reads',
    open: overWebSocket,
    provoke(socket, { roomId }, _token, forMs) {
      const query = largePage(roomId);
      for (let id = 0; id < 20; id++)
        socket.write(
          textFrame(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query } })),
        );
      return delay(forMs);
    },
  }),
  unread({
    name: 'large answers over HTTP that nobody reads',
    open: overHttp,
    provoke(socket, { url, roomId }, token, forMs) {
      for (let count = 0; count < 50; count++)
        socket.write(httpRequest(url, largePage(roomId), token));
      return delay(forMs);
    },
  }),
  unread({
    name: 'the page of GraphiQL, requested over and over',
    open: overHttp,
    provoke: (socket, _site, _token, forMs) =>
      floodFor(
        socket,
        Buffer.from('GET /graphql HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n'),
        forMs,
      ),
  }),
  unread({
    name: 'event streams that nobody reads',
    open: overHttp,
    async provoke(socket, { url, roomId }, token, forMs) {
      const query = `subscription { roomMessages(roomId: "${roomId}", last: 100) { __typename ... on MessageSent { message { id body author { id username displayName } } } } }`;
      socket.write(httpRequest(url, query, token, 'text/event-stream'));
      const body = '😀'.repeat(4000);
      const send =
        'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';
      await request(url, token, send, { input: { conversationId: roomId, body } }).catch(() => {});
      await delay(forMs);
    },
  }),
];
