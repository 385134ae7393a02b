import type { Facts } from './facts.ts';

/**
 * A state that lasts for a short time, such as typing. It is neither stored nor numbered, may be
 * lost, and expires by itself [P7].
 */
export interface Signal {
  /** The channel in which it is published. */
  readonly channel: string;
  /** Replaces the signal with the same key. */
  readonly key: string;
  /** The user it is about. */
  readonly userId: string;
  /** How long it lasts, in ms. 0 ends it. */
  readonly lifeMs: number;
  /** Rows that save its listeners a read. */
  readonly facts?: Facts;
}

/** A signal that has not expired. Times are in ms since 1970 of this node's clock. */
export interface CurrentSignal extends Signal {
  readonly since: number;
  readonly expiresAt: number;
}

export interface Signals {
  /** Publishes a signal on this node and on the others. Never throws, never waits. */
  publish(signal: Signal): void;
  /** Ends a user's signals in one channel or in all, on this node and on the others. */
  end(userId: string, channel?: string): void;
  /** Ends a user's signals on this node only, after an event that every node receives. */
  endHere(userId: string, channel: string): void;
  /** The signals of a channel that have not expired. */
  current(channel: string): readonly CurrentSignal[];
  /** Receives each signal that starts, is repeated, or ends. */
  listen(channel: string, listener: (signal: CurrentSignal, isOver: boolean) => void): () => void;
}
