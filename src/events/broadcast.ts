import type { Facts } from './facts.ts';

/**
 * A value of the application for the clients that are connected now. It is not stored and may be
 * lost. The latest one of each key counts [P7].
 */
export interface Broadcast {
  /** Replaces the earlier broadcasts with the same key in a channel. */
  readonly key: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly senderId: string | null;
  readonly conversationId: string | null;
  /** In ms since 1970. */
  readonly sentAt: number;
  /** Rows that save its listeners a read. */
  readonly facts?: Facts;
}

export interface Broadcasts {
  /**
   * Publishes a broadcast in these channels, on this node and on the others. Never throws, never
   * waits.
   */
  publish(channels: readonly string[], broadcast: Broadcast): void;
  /** Receives each broadcast in a channel. The listener must not throw. */
  listen(channel: string, listener: (broadcast: Broadcast) => void): () => void;
  /** The latest broadcast of each key in a channel with listeners, oldest first. */
  latest(channel: string): readonly Broadcast[];
  /** How long a slow client can still receive a broadcast, in ms. */
  readonly lifeMs: number;
}
