import type { PresenceChange } from '../../cluster/roster.ts';
import type { FreshEvent } from '../../events/event.ts';
import type { NodeCore } from '../../scope.ts';
import { createPresentRooms, type PresentRoom } from './present-rooms.ts';
import { createRoomChanges, type RoomChange, type RoomChanges } from './room-changes.ts';
import {
  countOpenRooms,
  readActiveRooms,
  readMemberships,
  readRooms,
  type RoomRow,
} from './room-presence-reads.ts';
import { createStalePresence, type StaleBatch } from './stale-presence.ts';

type Listener = (changes: ReadonlyMap<string, RoomChange>) => void;

/** The members online in each room: in the rooms of all users who are online. */
export interface RoomPresence extends Disposable {
  /**
   * These rooms, and the most active public rooms. Up to date after `ready` has resolved, and while
   * it is used.
   */
  readonly rooms: ReadonlyMap<string, PresentRoom>;
  /** The ranks of the most active public rooms, by room id. 0 is the most active one. */
  readonly activityRanks: ReadonlyMap<string, number>;
  /** The number of public rooms that are not archived, counted up to 1,100. */
  readonly openRoomCount: number;
  /** The rooms in which a user is online. */
  roomsOf(userId: string): Iterable<string>;
  /**
   * Resolves when `rooms` contains all changes known by now, and keeps it up to date for a while.
   * Rejects while the database is unavailable.
   */
  ready(): Promise<void>;
  /**
   * Calls the listener with changes by room id; with none if only the order of activity changed.
   * The listener must not throw.
   */
  listen(listener: Listener): () => void;
  /** Reads the rooms of these users again. */
  touch(userIds: Iterable<string>): void;
}

declare module '../../scope.ts' {
  interface Services {
    readonly roomPresence: RoomPresence;
  }
}

const idleMs = 60_000;
const activeRooms = 100;
const countedRooms = 1100;
const retryMs = 1000;

/**
 * It runs while it is used, and costs nothing otherwise. It follows presence changes and membership
 * events, and reads what they name. Everything is read again after an interruption of the bus and
 * every `presenceRefreshMs`, so that a missed change does not last.
 */
export function createRoomPresence(node: NodeCore): RoomPresence {
  const { config, presence, watch, log } = node;
  const rooms = createPresentRooms();
  const stale = createStalePresence();
  const listeners = new Set<Listener>();
  let activityRanks: ReadonlyMap<string, number> = new Map();
  let openRoomCount = 0;
  let refreshing: Promise<void> | undefined;
  let scheduled: NodeJS.Timeout | undefined;
  let idle: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  let isDisposed = false;

  function start(): void {
    const stops = [presence.listen(onPresence), watch(onEvents)];
    const timer = setInterval(touchAll, config.limits.presenceRefreshMs);
    stop = () => {
      clearInterval(timer);
      clearTimeout(scheduled);
      scheduled = undefined;
      for (const end of stops) end();
      rooms.clear();
      stale.clear();
      stop = undefined;
    };
    touchAll();
  }

  /** Starts if needed, and stops after a minute without use and without listeners. */
  function use(): void {
    clearTimeout(idle);
    if (!stop && !isDisposed) start();
    idle = setTimeout(() => {
      if (listeners.size > 0) use();
      else stop?.();
    }, idleMs).unref();
  }

  function onPresence(changes: readonly PresenceChange[]): void {
    for (const change of changes)
      if (change.isOnline) rooms.returned(change.userId);
      else rooms.departed(change.userId, change.lastSeenAt);
    touch(changes.map(({ userId }) => userId));
  }

  /** An empty list means that events may have been missed. */
  function onEvents(fresh: readonly FreshEvent[]): void {
    if (fresh.length === 0) return touchAll();
    for (const { event } of fresh) {
      if (event.type === 'RoomUpdated' || event.type === 'RoomDeleted')
        stale.addRooms([event.data.conversationId]);
      if (event.type !== 'MemberJoined' && event.type !== 'MemberLeft') continue;
      const { conversationId, userId } = event.data;
      if (!rooms.byId.has(conversationId)) stale.addRooms([conversationId]);
      if (presence.isOnline(userId)) stale.addUsers([userId]);
    }
    schedule();
  }

  function touch(userIds: Iterable<string>): void {
    stale.addUsers(userIds);
    schedule();
  }

  function touchAll(): void {
    stale.addActiveRooms();
    stale.addRooms(rooms.byId.keys());
    stale.addUsers(presence.online());
    stale.addUsers(rooms.userIds());
    schedule();
  }

  function schedule(afterMs = 0): void {
    if (!stop || stale.isEmpty) return;
    scheduled ??= setTimeout(() => {
      scheduled = undefined;
      refreshAll().catch((error: Error) => {
        log.warn({ error: error.message }, 'could not read which users are in which rooms');
        schedule(retryMs);
      });
    }, afterMs);
  }

  /** Refreshes run one after the other, so that a later read never loses against an earlier one. */
  async function refreshAll(): Promise<void> {
    while (stop && (!stale.isEmpty || refreshing))
      await (refreshing ??= refresh().finally(() => (refreshing = undefined)));
  }

  async function refresh(): Promise<void> {
    const batch = stale.take();
    try {
      const changes = createRoomChanges();
      const ranks = activityRanks;
      await apply(batch, changes);
      if (changes.all.size > 0 || ranks !== activityRanks)
        for (const listener of listeners) listener(changes.all);
    } catch (error) {
      stale.putBack(batch);
      throw error;
    }
  }

  const isInOrder = (active: readonly RoomRow[]): boolean =>
    active.length === activityRanks.size &&
    active.every(({ roomId }, rank) => activityRanks.get(roomId) === rank);

  async function apply(batch: StaleBatch, changes: RoomChanges): Promise<void> {
    const { userIds, roomIds, hasActiveRooms } = batch;
    const online = new Set(userIds.filter(presence.isOnline));
    const [memberships, found, active, openRooms] = await Promise.all([
      readMemberships(node.database, [...online]),
      readRooms(node.database, roomIds),
      hasActiveRooms ? readActiveRooms(node.database, activeRooms) : [],
      hasActiveRooms ? countOpenRooms(node.database, countedRooms) : openRoomCount,
    ]);
    openRoomCount = openRooms;
    if (hasActiveRooms && !isInOrder(active))
      activityRanks = new Map(active.map(({ roomId }, rank) => [roomId, rank]));
    const foundIds = new Set(found.map(({ roomId }) => roomId));
    for (const roomId of roomIds) if (!foundIds.has(roomId)) rooms.remove(roomId, changes);
    for (const row of [...found, ...active, ...memberships]) rooms.update(row, changes);
    const usernamesOf = new Map<string, Map<string, string>>();
    for (const { userId, username, roomId } of memberships)
      usernamesOf.set(userId, (usernamesOf.get(userId) ?? new Map()).set(roomId, username));
    for (const userId of userIds) {
      const isOnline = presence.isOnline(userId);
      // A user who came online during the read is in the next batch.
      if (isOnline && !online.has(userId)) continue;
      rooms.setRooms(userId, (isOnline && usernamesOf.get(userId)) || new Map(), changes);
    }
    if (hasActiveRooms) rooms.removeIdle(activityRanks, changes);
  }

  return {
    rooms: rooms.byId,
    get activityRanks() {
      return activityRanks;
    },
    get openRoomCount() {
      return openRoomCount;
    },
    roomsOf: rooms.roomsOf,
    ready() {
      use();
      return refreshAll();
    },
    listen(listener) {
      listeners.add(listener);
      use();
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
