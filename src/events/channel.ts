import type { Facts } from './event.ts';

/** A room of the lobby. */
export interface LobbyRoom {
  readonly roomId: string;
  readonly onlineCount: number;
  /** Sorted, at most 100. */
  readonly usernames: readonly string[];
}

/** What followers are told of what holds now. It has no place in any order: the latest counts, and one may be lost [P7]. Times are in ms since 1970. */
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
  LobbySnapshot: { readonly rooms: readonly LobbyRoom[] };
  LobbyRoomChanged: { readonly room: LobbyRoom };
  LobbyRoomRemoved: { readonly roomId: string };
}

export type NoticeType = keyof NoticeData;

export type Notice = {
  [Type in NoticeType]: {
    readonly type: Type;
    readonly data: NoticeData[Type];
    readonly facts?: Facts;
    /** Whether a viewer is told; without it every follower is. It says nothing of permission to follow. */
    isFor?(viewerId: string): boolean;
  };
}[NoticeType];

/** What a follower begins with, and begins anew with after not keeping up. */
export interface Snapshot {
  /** Viewers with the same key are told the same. */
  readonly key: string;
  /** What holds now. */
  notices(): readonly Notice[];
}

/** Where something that changes can be followed on this node: told once as it is, and from then on what changes. */
export interface Channel {
  readonly name: string;
  /** Tells of each change. What the snapshot of the same moment shows is not told again. */
  listen(listener: (notices: readonly Notice[]) => void): () => void;
  snapshot(viewerId: string): Snapshot;
}
