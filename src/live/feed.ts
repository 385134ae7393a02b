import type { Snapshot } from '../events/channel.ts';
import type { Event, Position } from '../events/event.ts';
import type { Facts } from '../events/facts.ts';
import type { LiveNotice, ResetReason } from './live-field.ts';

/** From here on this user may no longer follow [P11]. It is delivered to no client. */
export interface Withdrawal extends Position {
  readonly type: 'Withdrawal';
  readonly data: { readonly userId: string };
}

/** An element of a feed. */
export type Entry = Event | LiveNotice | Withdrawal;

export interface FreshEntry {
  readonly event: Entry;
  readonly facts?: Facts;
}

export type FeedListener = (fresh: readonly FreshEntry[]) => void;

/**
 * A part of a feed without a break. A feed begins another stretch if the log was trimmed or has
 * another history. Positions of an earlier stretch have no meaning in it.
 */
export interface Stretch {
  /** The reason that subscribers of the former stretch receive. */
  readonly reason: ResetReason;
}

/** The events of a topic, or the notices of a channel, in order and numbered, on this node. */
export interface Feed {
  /** The name of the topic or of the channel. */
  readonly topic: string;
  /** The position of the newest entry here. */
  readonly head: Position;
  readonly stretch: Stretch;
  /** Receives new entries. An empty list means that another stretch has begun. */
  listen(listener: FeedListener): () => void;
  /**
   * The entries that follow the number `after` in this stretch, at most a page. Empty at the head.
   * Undefined if they are no longer known.
   */
  read(after: number): Promise<readonly Entry[] | undefined>;
  /** Loads everything after a position. Returns undefined on success, else why it is impossible. */
  reachBack(after: Position): Promise<ResetReason | undefined>;
  /**
   * Compares itself with the log, if it has one, and begins another stretch if the log has another
   * history.
   */
  verify(): Promise<void>;
  /** The current state, for feeds whose subscribers start with it. */
  snapshot?(viewerId: string): Snapshot;
}

export const isNotice = (entry: Entry): entry is LiveNotice => 'isFor' in entry;
export const isWithdrawal = (entry: Entry): entry is Withdrawal => entry.type === 'Withdrawal';
