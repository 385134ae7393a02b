import { EventEmitter, once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** The direction of bytes: `up` to the server, `down` to the client. */
export type Way = 'up' | 'down';

export interface FaultProxy extends AsyncDisposable {
  readonly port: number;
  /** The port to which new connections lead. It can be changed at any time. */
  target: number;
  /** Resets every open connection. New ones are accepted. */
  cut(): void;
  /** New connections are reset at once, until `heal`. */
  refuse(): void;
  /**
   * Keeps connections open, but delivers nothing, not even their end, until `heal`. Then the
   * waiting bytes arrive, as with TCP.
   */
  stall(way?: Way): void;
  /** Delivers everything in pieces of this many bytes, one each millisecond. */
  dribble(bytes: number): void;
  /** Delivers the bytes of this many ms as one piece. */
  coalesce(ms: number): void;
  /** Ends every fault. */
  heal(): void;
  /** The number of connections: open now, and in total. */
  readonly open: number;
  readonly accepted: number;
  /** The number of bytes delivered so far. */
  readonly carried: Readonly<Record<Way, number>>;
}

/** Starts a proxy to a server on this machine that can break like a network. */
export async function startFaultProxy(target: number): Promise<FaultProxy> {
  const changes = new EventEmitter().setMaxListeners(0);
  const links = new Set<{ reset(): void }>();
  const carried = { up: 0, down: 0 };
  let stalled: readonly Way[] = [];
  let pieceBytes = Infinity;
  let gatherMs = 0;
  let refusing = false;
  let accepted = 0;

  const passage = async (way: Way) => {
    while (stalled.includes(way)) await once(changes, 'heal');
  };

  const carry = async (from: Socket, to: Socket, way: Way) => {
    try {
      for await (const chunk of from.iterator({
        destroyOnReturn: false,
      }) as AsyncIterable<Buffer>) {
        if (gatherMs > 0) await delay(gatherMs);
        const rest = gatherMs > 0 ? (from.read() as Buffer | null) : null;
        const bytes = rest ? Buffer.concat([chunk, rest]) : chunk;
        for (let start = 0; start < bytes.length; start += pieceBytes) {
          if (start > 0) await delay(1);
          await passage(way);
          const piece = bytes.subarray(start, start + pieceBytes);
          carried[way] += piece.length;
          if (!to.write(piece) && !to.closed)
            await Promise.race([once(to, 'drain'), once(to, 'close')]);
        }
      }
      await passage(way);
      to.end();
    } catch {
      await passage(way);
      to.destroy();
    }
  };

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (refusing) return void client.on('error', () => {}).resetAndDestroy();
    accepted++;
    const upstream = connect({
      port: proxy.target,
      host: '127.0.0.1',
      allowHalfOpen: true,
      noDelay: true,
    });
    const link = { reset: () => [client, upstream].forEach((socket) => socket.resetAndDestroy()) };
    links.add(link);
    // A socket may outlive its partner, with unsent bytes that nobody reads.
    let left = 2;
    for (const socket of [client, upstream]) {
      socket.on('error', () => {});
      socket.once('close', () => {
        if (--left === 0) links.delete(link);
      });
    }
    void carry(client, upstream, 'up');
    void carry(upstream, client, 'down');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const cut = () => {
    for (const link of links) link.reset();
    links.clear();
  };
  const heal = () => {
    refusing = false;
    stalled = [];
    pieceBytes = Infinity;
    gatherMs = 0;
    changes.emit('heal');
  };
  const proxy: FaultProxy = {
    port: (server.address() as AddressInfo).port,
    target,
    cut,
    refuse: () => void (refusing = true),
    stall: (way) => void (stalled = way ? [...stalled, way] : ['up', 'down']),
    dribble: (bytes) => void (pieceBytes = bytes),
    coalesce: (ms) => void (gatherMs = ms),
    heal,
    get open() {
      return links.size;
    },
    get accepted() {
      return accepted;
    },
    carried,
    async [Symbol.asyncDispose]() {
      heal();
      cut();
      // Not awaited: Node 20 sometimes emits no `close` for a socket that was reset.
      server.close();
    },
  };
  return proxy;
}
