import { EventEmitter, once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Which bytes: those to the server, those back to the client. */
export type Way = 'up' | 'down';

export interface FaultProxy extends AsyncDisposable {
  readonly port: number;
  /** Where new connections lead; may be changed at any time. */
  target: number;
  /** Resets every connection there is; new ones are let in. */
  cut(): void;
  /** New connections are reset at once, until `heal`. */
  refuse(): void;
  /**
   * A black hole: connections stay open and carry nothing, not even an end, until `heal`, when what
   * waited arrives, as TCP has it.
   */
  stall(way?: Way): void;
  /** Everything arrives in pieces of so many bytes, a piece each millisecond. */
  dribble(bytes: number): void;
  /** What comes within so many ms arrives as one piece. */
  coalesce(ms: number): void;
  /** Ends every fault. */
  heal(): void;
  /** Connections that are open now, and those there ever were. */
  readonly open: number;
  readonly accepted: number;
  /** Bytes carried so far. */
  readonly carried: Readonly<Record<Way, number>>;
}

/** A wire to a server on this machine, for tests to do with as networks do. */
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
    // A socket may outlive what it carried, with something left to send that nobody reads.
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
      // Not waited for: Node 20 sometimes never tells of the close of a socket that was reset.
      server.close();
    },
  };
  return proxy;
}
