import type { Facts } from './event.ts';

/** Something that holds for a while. It is neither stored nor numbered, may be lost, and ends by itself [P7]. */
export interface Signal {
  /** Where it is heard. */
  readonly channel: string;
  /** The latest of a key counts. */
  readonly key: string;
  /** The user who gives it. */
  readonly userId: string;
  /** For how long it holds, in ms; 0: no longer. */
  readonly lifeMs: number;
  /** Rows that spare those who hear it a read. */
  readonly facts?: Facts;
}

/** One that holds now, in ms since 1970 of this node's clock. */
export interface HeldSignal extends Signal {
  readonly since: number;
  readonly expiresAt: number;
}

export interface Signals {
  /** Tells this node and the others. Never throws, never waits. */
  publish(signal: Signal): void;
  /** Ends what a user gives, in one channel or in all, on this node and the others. */
  end(userId: string, channel?: string): void;
  /** The same on this node alone, for what every node sees for itself. */
  endHere(userId: string, channel: string): void;
  /** What holds in a channel now. */
  held(channel: string): readonly HeldSignal[];
  /** Hears each that begins, is repeated, or is over. */
  listen(channel: string, listener: (signal: HeldSignal, isOver: boolean) => void): () => void;
}
