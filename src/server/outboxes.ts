import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createBudget } from '../budget.ts';
import type { Limits } from '../limits.ts';
import type { Metrics } from '../metrics.ts';
import { Outbox, type OutboxOwner } from './outbox.ts';

/** The longest time between two checks of the deadlines. */
const sweepMs = 1000;

/** The outboxes of all TCP connections of a node, and their common budget [P13]. */
export interface Outboxes {
  /**
   * The outbox of a connection, created at the first call. That of a closed connection is not kept.
   */
  of(socket: Socket): Outbox;
  /** Creates an outbox for each connection of a server. */
  watch(server: Server): void;
  stop(): void;
}

export function createOutboxes(limits: Limits, totalBytes: number, metrics: Metrics): Outboxes {
  const budget = createBudget<Outbox>({
    name: 'unsent_bytes',
    perHolder: limits.connectionMaxBytes,
    total: totalBytes,
    metrics,
  });
  const outboxes = new Map<Socket, Outbox>();

  function of(socket: Socket): Outbox {
    const known = outboxes.get(socket);
    if (known) return known;
    const outbox = new Outbox(socket, owner);
    // A request may ask after the close, which would never be announced again.
    if (socket.closed) return outbox;
    outboxes.set(socket, outbox);
    socket.on('close', forget);
    return outbox;
  }

  function forget(this: Socket): void {
    const outbox = outboxes.get(this);
    outboxes.delete(this);
    if (outbox) budget.record(outbox, outbox.unsent);
  }

  /**
   * Disconnects the largest holders until this many bytes are free. False if none is left, or the
   * asking outbox is the largest.
   */
  function makeRoom(bytes: number, asking: Outbox | undefined): boolean {
    while (budget.held + bytes > totalBytes) {
      const largest = largestHolder(budget.holders());
      if (!largest || largest === asking) return false;
      metrics.slowReaders.inc({ outcome: 'evicted' });
      largest.destroy();
    }
    return true;
  }

  const timer = setInterval(
    () => {
      const now = Date.now();
      for (const outbox of outboxes.values()) outbox.sweep(now);
    },
    Math.min(sweepMs, limits.writeDeadlineMs / 4),
  );

  const owner: OutboxOwner = {
    limits,
    take(outbox, bytes) {
      const taking = budget.take(outbox, bytes);
      if (taking !== 'total' || !makeRoom(bytes, outbox)) return taking;
      return budget.take(outbox, bytes);
    },
    record(outbox) {
      if (budget.record(outbox, outbox.unsent) === 'total') makeRoom(0, undefined);
    },
    countLate: () => metrics.slowReaders.inc({ outcome: 'closed' }),
    drainMs: (bytes) =>
      limits.writeDeadlineMs + Math.ceil((bytes / limits.drainBytesPerSecond) * 1000),
  };
  return {
    of,
    watch: (server) => void server.on('connection', of),
    stop: () => clearInterval(timer),
  };
}

/**
 * The largest connection of the address that holds the most. So many small connections of one
 * client count as one large one.
 */
function largestHolder(holders: Iterable<readonly [Outbox, number]>): Outbox | undefined {
  const addresses = new Map<string, { held: number; most: number; largest: Outbox }>();
  for (const [outbox, held] of holders) {
    if (outbox.isGone) continue;
    const address = addresses.get(outbox.address);
    if (!address) addresses.set(outbox.address, { held, most: held, largest: outbox });
    else {
      address.held += held;
      if (held > address.most) Object.assign(address, { most: held, largest: outbox });
    }
  }
  let found: { held: number; largest: Outbox } | undefined;
  for (const address of addresses.values())
    if (!found || address.held > found.held) found = address;
  return found?.largest;
}
