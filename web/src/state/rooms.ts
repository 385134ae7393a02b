import type {
  LeaveReason,
  MemberFieldsFragment,
  MemberRole,
  MyRoomFieldsFragment,
  RoomFieldsFragment,
} from '@causerie/client';
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { followAll } from './follow-all.ts';
import { createReconciler } from './reconciler.ts';
import type { User } from './session.ts';
import {
  createConversationState,
  progressOf,
  type ConversationEvent,
  type ConversationState,
} from './conversation.ts';
import { showToast } from './toasts.ts';
import { t, type Text } from '../texts/texts.ts';

export interface JoinedRoom {
  readonly id: string;
  readonly room: Signal<RoomFieldsFragment>;
  readonly role: Signal<MemberRole>;
  readonly mutedUntil: Signal<string | null>;
  readonly conversation: ConversationState;
  /** Calls the listener with each event. Returns a function that removes it. */
  onEvent(listener: (event: ConversationEvent) => void): () => void;
}

export interface Rooms {
  /** The rooms of the viewer by id; null until they are loaded. */
  readonly joined: ReadonlySignal<ReadonlyMap<string, JoinedRoom> | null>;
  load(): Promise<void>;
  /** Follows a room that the viewer has become a member of. */
  add(room: MyRoomFieldsFragment): void;
  /** Adds a room that the viewer joined on another device, or was invited to. */
  addById(id: string): Promise<void>;
  remove(id: string): void;
}

const pageSize = 100;
const newRoles = {
  OWNER: 'You are now an owner of {room}.',
  MODERATOR: 'You are now a moderator of {room}.',
  MEMBER: 'You are now a member of {room}.',
} as const satisfies Record<MemberRole, Text>;

/** Leaving is the viewer's own act, and needs no message. */
function reportRemoval(roomName: string, reason: LeaveReason): void {
  if (reason === 'KICKED')
    showToast(t('You were removed from {room}. You can join again.', { room: roomName }), true);
  else if (reason === 'BANNED')
    showToast(t('You are banned from {room}.', { room: roomName }), true);
}

/**
 * The rooms of the viewer. Each is followed while the page is open, so that its unread count is
 * right.
 */
export function createRooms(viewer: User, ended: AbortSignal): Rooms {
  const joined = signal<ReadonlyMap<string, JoinedRoom> | null>(null);
  const leaving = new Map<string, AbortController>();
  const addingById = new Set<string>();
  /** The rooms whose subscription has not caught up yet. */
  const starting = new Set<string>();
  const reconciler = createReconciler();
  let isRefreshing = false;
  let isStale = false;

  function add(loaded: MyRoomFieldsFragment, askedAt = Date.now()): void {
    const { id, viewerMember: member } = loaded;
    if (joined.value?.has(id) || !member || ended.aborted) return;
    const controller = new AbortController();
    leaving.set(id, controller);
    starting.add(id);
    const signals = AbortSignal.any([ended, controller.signal]);
    const listeners = new Set<(event: ConversationEvent) => void>();
    const conversation = createConversationState({
      id: () => id,
      place: id,
      viewer,
      defaultLevel: 'MENTIONS',
      ...progressOf(loaded, askedAt),
      ended,
      async deliver(written) {
        const { message } = await causerie.sendMessage(
          { conversationId: id, ...written },
          { signal: ended },
        );
        return message;
      },
    });
    conversation.notificationLevel.setMember(member);
    const entry: JoinedRoom = {
      id,
      room: signal(loaded),
      role: signal(member.role),
      mutedUntil: signal(member.mutedUntil),
      conversation,
      onEvent(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    };
    joined.value = new Map(joined.value).set(id, entry);
    const take = (event: ConversationEvent) => {
      receive(entry, event);
      for (const listener of listeners) listener(event);
    };
    void followAll(
      causerie.roomMessages({ roomId: id }, { signal: signals }),
      signals,
      take,
      (code, message) => {
        remove(id);
        if (code !== 'FORBIDDEN' && code !== 'NOT_FOUND') showToast(message, true);
      },
    );
  }

  function receive(entry: JoinedRoom, event: ConversationEvent): void {
    const { id, room, conversation } = entry;
    conversation.receive(event);
    switch (event.__typename) {
      case 'CaughtUp':
        if (starting.has(id)) catchUp(id);
        break;
      case 'StreamReset':
        refresh().catch(() => {});
        break;
      case 'RoomUpdated':
        reconciler.apply(() => (room.value = { ...room.value, ...event.room }));
        break;
      case 'MemberUpdated':
        if (event.member.user.id === viewer.id) updateMembership(entry, event.member);
        break;
      case 'MemberLeft':
        if (event.user.id === viewer.id) reportRemoval(room.value.name, event.reason);
        break;
      case 'RoomDeleted':
        showToast(t('{room} was deleted.', { room: room.value.name }));
    }
  }

  function updateMembership(
    { room, role, mutedUntil }: JoinedRoom,
    member: Pick<MemberFieldsFragment, 'role' | 'mutedUntil'>,
  ): void {
    if (member.role !== role.value) showToast(t(newRoles[member.role], { room: room.value.name }));
    reconciler.apply(() => {
      role.value = member.role;
      mutedUntil.value = member.mutedUntil;
    });
  }

  /**
   * No event is missed from here on. Those between the first load and the start of the subscription
   * are loaded.
   */
  function catchUp(id: string): void {
    starting.delete(id);
    joined.value?.get(id)?.conversation.reload();
    refresh().catch(() => {});
  }

  /** Loads all rooms again. Calls during a load cause one more load. */
  async function refresh(): Promise<void> {
    isStale = true;
    if (isRefreshing) return;
    isRefreshing = true;
    try {
      while (isStale) {
        isStale = false;
        await loadAll(update);
      }
    } finally {
      isRefreshing = false;
    }
  }

  function update(loaded: MyRoomFieldsFragment, askedAt: number): void {
    const entry = joined.value?.get(loaded.id);
    if (!entry) return add(loaded, askedAt);
    entry.room.value = loaded;
    entry.role.value = loaded.viewerMember?.role ?? entry.role.value;
    entry.mutedUntil.value = loaded.viewerMember?.mutedUntil ?? null;
    if (loaded.viewerMember) entry.conversation.notificationLevel.setMember(loaded.viewerMember);
    entry.conversation.advance(progressOf(loaded, askedAt));
  }

  async function loadAll(
    take: (loaded: MyRoomFieldsFragment, askedAt: number) => void,
  ): Promise<void> {
    let after: string | null = null;
    let hasMore = true;
    while (hasMore) {
      await reconciler.load(
        () => causerie.rooms({ joined: true, first: pageSize, after }, { signal: ended }),
        ({ edges, pageInfo }, askedAt) => {
          for (const { node } of edges) take(node, askedAt);
          hasMore = pageInfo.hasNextPage;
          after = pageInfo.endCursor;
        },
      );
    }
  }

  function remove(id: string): void {
    starting.delete(id);
    leaving.get(id)?.abort();
    leaving.delete(id);
    const next = new Map(joined.value);
    next.delete(id);
    joined.value = next;
  }

  return {
    joined,
    async load() {
      await loadAll(add);
      joined.value ??= new Map();
    },
    add,
    async addById(id) {
      if (addingById.has(id)) return;
      addingById.add(id);
      try {
        const room = await causerie.room({ id }, { signal: ended });
        if (room?.viewerMember) add(room);
      } finally {
        addingById.delete(id);
      }
    },
    remove,
  };
}
