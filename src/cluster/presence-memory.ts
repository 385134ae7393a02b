import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Limits } from '../limits.ts';
import type { Log } from '../log.ts';
import {
  createPresence,
  type Departure,
  type LinkSite,
  type Presence,
  type PresenceLink,
} from './presence.ts';

interface Told {
  readonly node: string;
  readonly came: readonly string[];
  readonly went: readonly Departure[];
}

/** Among the nodes of one process that share the wire; alone on a wire of its own, a node knows of its own users only. */
export function openMemoryPresence(
  limits: Limits,
  log: Log,
  wire = new EventEmitter().setMaxListeners(0),
): Presence {
  return createPresence(randomUUID(), limits, log, (site) =>
    memoryLink(site, limits.leaveGraceMs, wire),
  );
}

function memoryLink(
  { own, roster, nodeGone }: LinkSite,
  leaveGraceMs: number,
  wire: EventEmitter,
): PresenceLink {
  const connectionsAt = new Map<string, number>();
  const departures = new Set<NodeJS.Timeout>();
  const listeners = {
    told: ({ node, came, went }: Told) => node !== own && roster.change(node, came, went),
    // Who begins is told by each of the others.
    asked: (node: string) => {
      if (node === own) return;
      wire.emit('told', { node: own, came: [...roster.at(own)], went: [] } satisfies Told);
      wire.emit('counted', own, connections);
    },
    counted: (node: string, count: number) => node !== own && connectionsAt.set(node, count),
    // Its users come to another node in a moment.
    closed: (node: string) => {
      connectionsAt.delete(node);
      const closedAt = Date.now();
      const timer = setTimeout(() => {
        departures.delete(timer);
        void nodeGone(node, closedAt);
      }, leaveGraceMs);
      departures.add(timer);
    },
  };
  let connections = 0;
  for (const [name, listener] of Object.entries(listeners)) wire.on(name, listener);
  wire.emit('asked', own);
  wire.emit('counted', own, connections);

  return {
    tell: (came, went) => void wire.emit('told', { node: own, came, went } satisfies Told),
    reportConnections(count) {
      connections = count;
      wire.emit('counted', own, count);
    },
    isWritable: true,
    statistics: () => ({
      connections: [...connectionsAt.values()].reduce((sum, count) => sum + count, 0),
      nodes: connectionsAt.size,
    }),
    async [Symbol.asyncDispose]() {
      for (const [name, listener] of Object.entries(listeners)) wire.off(name, listener);
      for (const timer of departures) clearTimeout(timer);
      wire.emit('closed', own);
    },
  };
}
