import type { MemberRole, MyRoomFieldsFragment, RoomFieldsFragment } from '@causerie/client';
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { followAll } from './follow-all.ts';
import { createReading } from './reading.ts';
import type { User } from './session.ts';
import { createTalk, standingOf, type ConversationEvent, type Talk } from './talk.ts';
import { tell } from './toasts.ts';

export interface JoinedRoom {
  readonly id: string;
  readonly room: Signal<RoomFieldsFragment>;
  readonly role: Signal<MemberRole>;
  readonly mutedUntil: Signal<string | null>;
  readonly talk: Talk;
  /** Calls with each event. Returns what ends that. */
  onEvent(listener: (event: ConversationEvent) => void): () => void;
}

export interface Rooms {
  /** Null until they are known. */
  readonly joined: ReadonlySignal<ReadonlyMap<string, JoinedRoom> | null>;
  load(): Promise<void>;
  /** Follows a room that the viewer has become a member of. */
  add(room: MyRoomFieldsFragment): void;
  /** One that the viewer joined elsewhere, or was invited to. */
  discover(id: string): Promise<void>;
  remove(id: string): void;
}

const pageSize = 100;
const roleNames: Record<MemberRole, string> = {
  OWNER: 'an owner',
  MODERATOR: 'a moderator',
  MEMBER: 'a member',
};

/** The rooms of the viewer, each of them followed for as long as the page is there, so that what is new in it is known. */
export function createRooms(viewer: User, ended: AbortSignal): Rooms {
  const joined = signal<ReadonlyMap<string, JoinedRoom> | null>(null);
  const leaving = new Map<string, AbortController>();
  const discovering = new Set<string>();
  /** Those of which we do not hear yet. */
  const beginning = new Set<string>();
  const reading = createReading();
  let isRefreshing = false;
  let isStale = false;

  function add(given: MyRoomFieldsFragment): void {
    const { id, viewerMember: member } = given;
    if (joined.value?.has(id) || !member || ended.aborted) return;
    const controller = new AbortController();
    leaving.set(id, controller);
    beginning.add(id);
    const signals = AbortSignal.any([ended, controller.signal]);
    const listeners = new Set<(event: ConversationEvent) => void>();
    const talk = createTalk({
      id: () => id,
      viewer,
      ...standingOf(given),
      deliver: async (body, replyToId, idempotencyKey) =>
        (
          await causerie.sendMessage(
            { conversationId: id, body, replyToId, idempotencyKey },
            { signal: ended },
          )
        ).message,
    });
    const entry: JoinedRoom = {
      id,
      room: signal(given),
      role: signal(member.role),
      mutedUntil: signal(member.mutedUntil),
      talk,
      onEvent(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    };
    joined.value = new Map(joined.value).set(id, entry);
    const take = (event: ConversationEvent) => {
      hear(entry, event);
      for (const listener of listeners) listener(event);
    };
    void followAll(
      causerie.roomMessages({ roomId: id }, { signal: signals }),
      signals,
      take,
      (code, message) => {
        remove(id);
        if (code !== 'FORBIDDEN' && code !== 'NOT_FOUND') tell(message, true);
      },
    );
  }

  function hear({ id, room, role, mutedUntil, talk }: JoinedRoom, event: ConversationEvent): void {
    talk.hear(event);
    if (event.__typename === 'CaughtUp' && beginning.has(id)) begun(id);
    else if (event.__typename === 'StreamReset') refresh().catch(() => {});
    else if (event.__typename === 'RoomUpdated')
      reading.hear(() => (room.value = { ...room.value, ...event.room }));
    else if (event.__typename === 'MemberUpdated' && event.member.user.id === viewer.id) {
      if (event.member.role !== role.value)
        tell(`You are ${roleNames[event.member.role]} of ${room.value.name} now.`);
      reading.hear(() => {
        role.value = event.member.role;
        mutedUntil.value = event.member.mutedUntil;
      });
    } else if (
      event.__typename === 'MemberLeft' &&
      event.user.id === viewer.id &&
      event.reason !== 'LEFT'
    ) {
      tell(
        event.reason === 'BANNED'
          ? `You are banned from ${room.value.name}.`
          : `You were shown out of ${room.value.name}. You may come back.`,
        true,
      );
    }
  }

  /** From here on nothing of it is missed; what happened since it was read was not heard. */
  function begun(id: string): void {
    beginning.delete(id);
    joined.value?.get(id)?.talk.reload();
    refresh().catch(() => {});
  }

  /** All at once, for however many of them it is asked meanwhile. */
  async function refresh(): Promise<void> {
    isStale = true;
    if (isRefreshing) return;
    isRefreshing = true;
    try {
      while (isStale) {
        isStale = false;
        await readAll(update);
      }
    } finally {
      isRefreshing = false;
    }
  }

  function update(given: MyRoomFieldsFragment): void {
    const entry = joined.value?.get(given.id);
    if (!entry) return add(given);
    entry.room.value = given;
    entry.role.value = given.viewerMember?.role ?? entry.role.value;
    entry.mutedUntil.value = given.viewerMember?.mutedUntil ?? null;
    entry.talk.reach(standingOf(given));
  }

  async function readAll(take: (given: MyRoomFieldsFragment) => void): Promise<void> {
    for (let after: string | null = null, more = true; more;) {
      await reading.read(
        () => causerie.rooms({ joined: true, first: pageSize, after }, { signal: ended }),
        ({ edges, pageInfo }) => {
          for (const { node } of edges) take(node);
          more = pageInfo.hasNextPage;
          after = pageInfo.endCursor;
        },
      );
    }
  }

  function remove(id: string): void {
    beginning.delete(id);
    leaving.get(id)?.abort();
    leaving.delete(id);
    const next = new Map(joined.value);
    next.delete(id);
    joined.value = next;
  }

  return {
    joined,
    async load() {
      await readAll(add);
      joined.value ??= new Map();
    },
    add,
    async discover(id) {
      if (discovering.has(id)) return;
      discovering.add(id);
      try {
        const room = await causerie.room({ id }, { signal: ended });
        if (room?.viewerMember) add(room);
      } finally {
        discovering.delete(id);
      }
    },
    remove,
  };
}
