import { newWebhookSecret } from '../src/gateway/webhook-signature.ts';
import type { Peer } from './load/dialect.ts';
import { startLoad, type Load } from './load-process.ts';
import type { Server } from './server.ts';
import { followersPerUser, type Site } from './site.ts';

export type { Peer };

/** A measured server with its load process. */
export interface Stand extends AsyncDisposable {
  readonly peer: Peer;
  readonly server: Server;
  readonly load: Load;
  /** Prepares followers of these rooms, in turn. `load.run('grow', …)` connects them. */
  gather(
    rooms: readonly string[],
    options?: { selections?: readonly string[]; after?: string; replayed?: number },
  ): Promise<void>;
  /** Connects senders to the server, or to the second node. */
  connectSenders(count: number): Promise<void>;
}

const fields = {
  causerie: (selection: string) =>
    `... on MessageSent { cursor message { id createdAt ${selection} author { username } } }`,
  vanilla: (selection: string) => `id createdAt ${selection} author { username }`,
  raw: () => '',
};

/**
 * Starts a server. With `beside`, a second node accepts the sends, and the first one receives the
 * events over the bus, as most nodes do with most messages. A node of Causerie loads `preload`
 * first, and asks the message gate at `gateUrl`.
 */
export async function openStand(
  site: Site,
  peer: Peer,
  { beside = false, embedded = false, messageBytes = 300, preload = '', gateUrl = '' } = {},
): Promise<Stand> {
  const start = () => {
    if (peer === 'raw') return site.startRaw(messageBytes);
    if (peer === 'vanilla') return site.startVanilla();
    return embedded
      ? site.startEmbedded()
      : site.startCauserie(preload, gateUrl ? gateSettings(gateUrl) : {});
  };
  const server = await start();
  const source = beside && peer !== 'raw' ? await start() : server;
  const load = startLoad();
  return {
    peer,
    server,
    load,
    gather: (rooms, { selections = ['body'], after, replayed } = {}) =>
      load.run('gather', {
        peer,
        url: server.wsUrl,
        tokens: site.seed.followers,
        followersPerUser,
        replayed,
        subscriptions: rooms.flatMap((roomId) =>
          selections.map((selection) => subscription(peer, selection, roomId, after)),
        ),
      }),
    connectSenders: (count) =>
      load.run('connectSenders', {
        peer,
        url: peer === 'raw' ? server.wsUrl.replace('/graphql', '/publish') : source.wsUrl,
        tokens: site.seed.senders.slice(0, count),
      }),
    async [Symbol.asyncDispose]() {
      await load[Symbol.asyncDispose]();
      const servers = new Set([server, source]);
      await Promise.all([...servers].map((one) => one[Symbol.asyncDispose]()));
    },
  };
}

const gateSettings = (url: string) => ({
  MESSAGE_GATE_URL: url,
  MESSAGE_GATE_SECRET: newWebhookSecret(),
});

/** Starts one stand for each peer. */
export async function openStands(
  site: Site,
  peers: readonly Peer[],
  options?: Parameters<typeof openStand>[2],
): Promise<Stand[] & AsyncDisposable> {
  const stands: Stand[] = [];
  for (const peer of peers) stands.push(await openStand(site, peer, options));
  return Object.assign(stands, {
    async [Symbol.asyncDispose]() {
      await Promise.all(stands.map((stand) => stand[Symbol.asyncDispose]()));
    },
  });
}

function subscription(peer: Peer, selection: string, roomId: string, after: string | undefined) {
  const [declared, given] =
    after === undefined ? ['', ''] : [', $after: Cursor', ', after: $after'];
  return {
    query: `subscription ($roomId: ID!${declared}) { roomMessages(roomId: $roomId${given}) { ${fields[peer](selection)} } }`,
    variables: { roomId, after },
  };
}
