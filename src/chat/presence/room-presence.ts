import type { PresenceChange } from '../../cluster/roster.ts';
import type { Visibility } from '../../db/generated/enums.ts';
import type { FreshEvent } from '../../events/event.ts';
import type { NodeCore } from '../../scope.ts';
import { createRoomChanges, type RoomChange, type RoomChanges } from './room-changes.ts';
import {
  readMemberships,
  readPublicRooms,
  readRooms,
  type RoomRow,
} from './room-presence-reads.ts';

/** A room, and who of its members is online. */
export interface PresentRoom {
  readonly nameKey: string;
  readonly visibility: Visibility;
  readonly isArchived: boolean;
  /** Usernames by the ids of the users. */
  readonly online: ReadonlyMap<string, string>;
}

/** Who is online in which room, as far as this node knows: all public rooms, and those of everybody who is online. */
export interface RoomPresence extends Disposable {
  /** Up to date, once `ready` has resolved and while it is used. */
  readonly rooms: ReadonlyMap<string, PresentRoom>;
  /** Resolves when all that is known to have changed by now is in `rooms`; keeps it so for a while. Rejects while the database is away. */
  ready(): Promise<void>;
  /** Hears of changes, by the ids of the rooms. The listener must not throw. */
  listen(listener: (changes: ReadonlyMap<string, RoomChange>) => void): () => void;
  /** Reads anew in which rooms these users are. */
  touch(userIds: Iterable<string>): void;
}

declare module '../../scope.ts' {
  interface Services {
    readonly roomPresence: RoomPresence;
  }
}

const usersAtOnce = 1000;
const idleMs = 60_000;
const retryMs = 1000;

interface KnownRoom extends PresentRoom {
  readonly online: Map<string, string>;
  readonly looks: string;
}

/**
 * It is kept while somebody asks, and costs nothing otherwise. It hears who comes and goes, and the events of membership as they are told;
 * what they may miss is found when all of it is read again, when the bus was away and every `presenceRefreshMs`.
 */
export function createRoomPresence({
  config,
  database,
  presence,
  watch,
  log,
}: NodeCore): RoomPresence {
  const rooms = new Map<string, KnownRoom>();
  const roomsOf = new Map<string, Set<string>>();
  const listeners = new Set<(changes: ReadonlyMap<string, RoomChange>) => void>();
  const touchedUsers = new Set<string>();
  const touchedRooms = new Set<string>();
  const lastSeen = new Map<string, number>();
  let isPublicTouched = false;
  let flushing: Promise<void> | undefined;
  let soon: NodeJS.Timeout | undefined;
  let idle: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  let isDisposed = false;

  const isBehind = () => touchedUsers.size > 0 || touchedRooms.size > 0 || isPublicTouched;

  function flushSoon(afterMs = 0): void {
    if (!stop) return;
    soon ??= setTimeout(() => {
      soon = undefined;
      settle().catch((error: Error) => {
        log.warn({ error: error.message }, 'who is in which room could not be read');
        flushSoon(retryMs);
      });
    }, afterMs);
  }

  /** One at a time: so what was read later is what is known later. */
  async function settle(): Promise<void> {
    while (stop && (isBehind() || flushing))
      await (flushing ??= flush().finally(() => (flushing = undefined)));
  }

  async function flush(): Promise<void> {
    const users = [...touchedUsers].slice(0, usersAtOnce);
    const online = new Set(users.filter(presence.isOnline));
    const [ids, all] = [[...touchedRooms], isPublicTouched];
    for (const userId of users) touchedUsers.delete(userId);
    touchedRooms.clear();
    isPublicTouched = false;
    try {
      const [memberships, named, open] = await Promise.all([
        readMemberships(database, [...online]),
        readRooms(database, ids),
        all ? readPublicRooms(database) : [],
      ]);
      const changes = createRoomChanges();
      const found = new Set(named.map(({ roomId }) => roomId));
      for (const id of ids) if (!found.has(id) && rooms.delete(id)) changes.of(id);
      for (const room of [...named, ...open, ...memberships])
        if (learn(room)) changes.of(room.roomId);
      const namesOf = new Map<string, Map<string, string>>();
      for (const { userId, username, roomId } of memberships)
        namesOf.set(userId, (namesOf.get(userId) ?? new Map()).set(roomId, username));
      // Who came online while the others were read is read next.
      for (const userId of users)
        if (online.has(userId) || !presence.isOnline(userId))
          place(userId, (presence.isOnline(userId) && namesOf.get(userId)) || new Map(), changes);
      if (changes.all.size > 0) for (const listener of listeners) listener(changes.all);
    } catch (error) {
      touch(users);
      for (const id of ids) touchedRooms.add(id);
      isPublicTouched ||= all;
      throw error;
    }
  }

  /** Whether it is another than was known. */
  function learn({ roomId, ...row }: RoomRow): boolean {
    const known = rooms.get(roomId);
    if (
      known &&
      known.visibility === row.visibility &&
      known.isArchived === row.isArchived &&
      known.looks === row.looks
    )
      return false;
    const { nameKey, visibility, isArchived, looks } = row;
    rooms.set(roomId, {
      nameKey,
      visibility,
      isArchived,
      looks,
      online: known?.online ?? new Map(),
    });
    return true;
  }

  /** From here on the user is online in exactly these rooms. */
  function place(userId: string, names: ReadonlyMap<string, string>, changes: RoomChanges): void {
    const before = roomsOf.get(userId) ?? new Set();
    for (const roomId of before) {
      if (names.has(roomId)) continue;
      rooms.get(roomId)?.online.delete(userId);
      changes.of(roomId).went.push({ userId, lastSeenAt: lastSeen.get(userId) ?? Date.now() });
    }
    for (const [roomId, username] of names) {
      const { online } = rooms.get(roomId)!;
      if (!before.has(roomId)) changes.of(roomId).came.push(userId);
      else if (online.get(userId) !== username) changes.of(roomId);
      online.set(userId, username);
    }
    if (names.size > 0) roomsOf.set(userId, new Set(names.keys()));
    else roomsOf.delete(userId);
    lastSeen.delete(userId);
  }

  function touch(userIds: Iterable<string>): void {
    for (const userId of userIds) touchedUsers.add(userId);
    if (isBehind()) flushSoon();
  }

  function touchAll(): void {
    isPublicTouched = true;
    for (const roomId of rooms.keys()) touchedRooms.add(roomId);
    touch(presence.online());
    touch(roomsOf.keys());
  }

  function hearPresence(changes: readonly PresenceChange[]): void {
    for (const change of changes)
      if (change.isOnline) lastSeen.delete(change.userId);
      else lastSeen.set(change.userId, change.lastSeenAt);
    touch(changes.map(({ userId }) => userId));
  }

  function hearEvents(fresh: readonly FreshEvent[]): void {
    if (fresh.length === 0) return touchAll();
    for (const { event } of fresh) {
      if (event.type === 'RoomUpdated') touchedRooms.add(event.data.conversationId);
      if (event.type !== 'MemberJoined' && event.type !== 'MemberLeft') continue;
      if (!rooms.has(event.data.conversationId)) touchedRooms.add(event.data.conversationId);
      if (presence.isOnline(event.data.userId)) touchedUsers.add(event.data.userId);
    }
    if (isBehind()) flushSoon();
  }

  function start(): void {
    const stops = [presence.listen(hearPresence), watch(hearEvents)];
    const timer = setInterval(touchAll, config.limits.presenceRefreshMs);
    stop = () => {
      clearInterval(timer);
      clearTimeout(soon);
      soon = undefined;
      for (const end of stops) end();
      for (const state of [rooms, roomsOf, touchedUsers, touchedRooms, lastSeen]) state.clear();
      isPublicTouched = false;
      stop = undefined;
    };
    touchAll();
  }

  function stayFor(ms: number): void {
    clearTimeout(idle);
    if (!stop && !isDisposed) start();
    idle = setTimeout(() => {
      if (listeners.size > 0) stayFor(ms);
      else stop?.();
    }, ms).unref();
  }

  return {
    rooms,
    ready() {
      stayFor(idleMs);
      return settle();
    },
    listen(listener) {
      listeners.add(listener);
      stayFor(idleMs);
      return () => void listeners.delete(listener);
    },
    touch,
    [Symbol.dispose]() {
      isDisposed = true;
      clearTimeout(idle);
      stop?.();
    },
  };
}
