import type { Broadcast } from './broadcast.ts';
import type { Facts } from './facts.ts';

/** A room of the lobby. */
export interface LobbyRoom {
  readonly roomId: string;
  readonly onlineCount: number;
  /** Sorted, at most 100. */
  readonly usernames: readonly string[];
}

/**
 * The data of notices about a current state. Only the latest notice counts, and one may be lost
 * [P7]. Times are in ms since 1970.
 */
export interface NoticeData {
  Typing: {
    readonly conversationId: string;
    readonly userId: string;
    readonly isTyping: boolean;
    readonly expiresAt: number;
  };
  PresenceSnapshot: { readonly userIds: readonly string[] };
  UserCameOnline: { readonly userId: string };
  UserWentOffline: { readonly userId: string; readonly lastSeenAt: number };
  LobbySnapshot: {
    readonly rooms: readonly LobbyRoom[];
    /** The public rooms that are not among them, counted up to 1,000. */
    readonly otherRoomCount: number;
  };
  LobbyRoomChanged: { readonly room: LobbyRoom };
  LobbyRoomRemoved: { readonly roomId: string };
  Signal: Omit<Broadcast, 'key' | 'facts'>;
}

export type NoticeType = keyof NoticeData;

export type Notice = {
  [Type in NoticeType]: {
    readonly type: Type;
    readonly data: NoticeData[Type];
    readonly facts?: Facts;
    /**
     * Whether a viewer receives it. Undefined if every subscriber does. Permission to follow is
     * checked separately.
     */
    isFor?(viewerId: string): boolean;
  };
}[NoticeType];

/**
 * The state with which a subscriber starts, and with which it starts again if it falls too far
 * behind.
 */
export interface Snapshot {
  /** Viewers with the same key receive the same snapshot. */
  readonly key: string;
  /** The current state. */
  notices(): readonly Notice[];
}

/** A state that can be followed on this node: a snapshot, then each change. */
export interface Channel {
  readonly name: string;
  /** How long changes are kept for slow subscribers, in ms. Undefined for small changes [P13]. */
  readonly keptMs?: number;
  /** Receives each change. A change that a snapshot of the same moment contains does not follow. */
  listen(listener: (notices: readonly Notice[]) => void): () => void;
  snapshot(viewerId: string): Snapshot;
}
