import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createBudget } from '../budget.ts';
import type { Limits } from '../limits.ts';
import type { Metrics } from '../metrics.ts';
import { Outbox, type OutboxOwner } from './outbox.ts';

/** How often deadlines are looked at, at the least. */
const sweepMs = 1000;

/** The outboxes of all TCP connections of a node, and what they may hold together [P13]. */
export interface Outboxes {
  /** The outbox of a connection; made when it is asked for first. */
  of(socket: Socket): Outbox;
  /** Gives each connection of a server an outbox. */
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
    let outbox = outboxes.get(socket);
    if (!outbox) {
      outboxes.set(socket, (outbox = new Outbox(socket, owner)));
      socket.on('close', forget);
    }
    return outbox;
  }

  function forget(this: Socket): void {
    const outbox = outboxes.get(this);
    outboxes.delete(this);
    if (outbox) budget.record(outbox, outbox.unsent);
  }

  /** Disconnects those that hold the most until this much is free. False when nobody is left, or the one that asks holds the most. */
  function makeRoom(bytes: number, asking: Outbox | undefined): boolean {
    while (budget.held + bytes > totalBytes) {
      const worst = worstHolder(budget.holders());
      if (!worst || worst === asking) return false;
      metrics.slowReaders.inc({ outcome: 'evicted' });
      worst.destroy();
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
    noteLate: () => metrics.slowReaders.inc({ outcome: 'closed' }),
    drainMs: (bytes) =>
      limits.writeDeadlineMs + Math.ceil((bytes / limits.drainBytesPerSecond) * 1000),
  };
  return {
    of,
    watch: (server) => void server.on('connection', of),
    stop: () => clearInterval(timer),
  };
}

/** Of the address that holds the most, the connection that does: many small ones of one client count as one large one. */
function worstHolder(holders: Iterable<readonly [Outbox, number]>): Outbox | undefined {
  const addresses = new Map<string, { held: number; most: number; worst: Outbox }>();
  for (const [outbox, held] of holders) {
    if (outbox.isGone) continue;
    const address = addresses.get(outbox.address);
    if (!address) addresses.set(outbox.address, { held, most: held, worst: outbox });
    else {
      address.held += held;
      if (held > address.most) Object.assign(address, { most: held, worst: outbox });
    }
  }
  let found: { held: number; worst: Outbox } | undefined;
  for (const address of addresses.values())
    if (!found || address.held > found.held) found = address;
  return found?.worst;
}
