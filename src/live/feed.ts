import type { Snapshot } from '../events/channel.ts';
import type { Event, Facts, Position } from '../events/event.ts';
import type { LiveNotice, ResetReason } from './live-field.ts';

/** Told to nobody: from here on this user may no longer follow [P11]. */
export interface Withdrawal extends Position {
  readonly type: 'Withdrawal';
  readonly data: { readonly userId: string };
}

/** What stands at a place of a feed. */
export type Entry = Event | LiveNotice | Withdrawal;

export interface FreshEntry {
  readonly event: Entry;
  readonly facts?: Facts;
}

export type FeedListener = (fresh: readonly FreshEntry[]) => void;

/**
 * A run of entries without a break. A feed that has to go on elsewhere, because the log was trimmed or has another history, begins another
 * stretch: positions of an earlier one say nothing in it.
 */
export interface Stretch {
  /** What followers of the stretch before it are told. */
  readonly reason: ResetReason;
}

/** What operations carry, on this node, in order and numbered: the events of a topic, or the notices of a channel. */
export interface Feed {
  /** Of the topic, or of the channel. */
  readonly topic: string;
  /** The position of the newest entry here. */
  readonly head: Position;
  readonly stretch: Stretch;
  /** Hears what is new; nothing, when another stretch has begun. */
  listen(listener: FeedListener): () => void;
  /** What follows the number `after` in this stretch, at most a page; none when that is the head. Undefined when nobody knows any more. */
  read(after: number): Promise<readonly Entry[] | undefined>;
  /** Makes sure that everything after a position is at hand. Why that cannot be; undefined when it is. */
  reachBack(after: Position): Promise<ResetReason | undefined>;
  /** Compares itself with the log, where it has one, and begins another stretch if that has another history. */
  verify(): Promise<void>;
  /** What holds now, where that is what followers begin with. */
  snapshot?(viewerId: string): Snapshot;
}

export const isNotice = (entry: Entry): entry is LiveNotice => 'isFor' in entry;
export const isWithdrawal = (entry: Entry): entry is Withdrawal => entry.type === 'Withdrawal';
