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

/** The arguments of each message on the wire. */
interface Messages {
  /** Users came to a node or left it. */
  changed: [node: string, came: readonly string[], went: readonly Departure[]];
  /** A node has started, and asks the others for their users. */
  asked: [node: string];
  counted: [node: string, connections: number];
  closed: [node: string];
}

/**
 * Connects the nodes of one process that share the wire. With a wire of its own, a node knows only
 * its own users.
 */
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
  { own, roster, nodeDied }: LinkSite,
  leaveGraceMs: number,
  wire: EventEmitter,
): PresenceLink {
  const connectionsAt = new Map<string, number>();
  const departures = new Set<NodeJS.Timeout>();
  let connections = 0;

  const send = <Name extends keyof Messages>(name: Name, ...message: Messages[Name]) =>
    void wire.emit(name, ...message);

  const receivers: { [Name in keyof Messages]: (...message: Messages[Name]) => void } = {
    changed(node, came, went) {
      if (node !== own) roster.change(node, came, went);
    },
    asked(node) {
      if (node === own) return;
      send('changed', own, [...roster.at(own)], []);
      send('counted', own, connections);
    },
    counted(node, count) {
      if (node !== own) connectionsAt.set(node, count);
    },
    // Its users connect to another node in a moment.
    closed(node) {
      connectionsAt.delete(node);
      const closedAt = Date.now();
      const timer = setTimeout(() => {
        departures.delete(timer);
        void nodeDied(node, closedAt);
      }, leaveGraceMs);
      departures.add(timer);
    },
  };
  for (const [name, receive] of Object.entries(receivers)) wire.on(name, receive);
  send('asked', own);
  send('counted', own, connections);

  return {
    publish: (came, went) => send('changed', own, came, went),
    reportConnections(count) {
      connections = count;
      send('counted', own, count);
    },
    isWritable: true,
    statistics: () => ({
      connections: [...connectionsAt.values()].reduce((sum, count) => sum + count, 0),
      nodes: connectionsAt.size,
    }),
    async [Symbol.asyncDispose]() {
      for (const [name, receive] of Object.entries(receivers)) wire.off(name, receive);
      for (const timer of departures) clearTimeout(timer);
      send('closed', own);
    },
  };
}
