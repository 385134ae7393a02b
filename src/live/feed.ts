import type { Snapshot } from '../events/channel.ts';
import type { Event, Facts } from '../events/event.ts';
import type { HeardNotice } from './live-field.ts';

/** Told to nobody: from here on this user may no longer follow [P11]. */
export interface Withdrawal {
  readonly type: 'Withdrawal';
  readonly data: { readonly userId: string };
  readonly seq: number;
}

/** What stands at a place of a feed. */
export type Entry = Event | HeardNotice | Withdrawal;

export interface FreshEntry {
  readonly event: Entry;
  readonly facts?: Facts;
}

export type FeedListener = (fresh: readonly FreshEntry[]) => void;

/** What operations carry, on this node, in order and numbered: the events of a topic, or the notices of a channel. */
export interface Feed {
  /** Of the topic, or of the channel. */
  readonly topic: string;
  /** The number of the newest entry here. */
  readonly head: number;
  /** Hears what is new; nothing, when the head went on past what can be known. */
  listen(listener: FeedListener): () => void;
  /** What follows `after`, at most a page; none when `after` is the head. Undefined when nobody knows any more. */
  read(after: number): Promise<readonly Entry[] | undefined>;
  /** Makes sure that everything after `after` is at hand. False when it cannot be. */
  reachBack(after: number): Promise<boolean>;
  /** What holds now, where that is what followers begin with. */
  snapshot?(viewerId: string): Snapshot;
}

export const isNotice = (entry: Entry): entry is HeardNotice => 'isFor' in entry;
export const isWithdrawal = (entry: Entry): entry is Withdrawal => entry.type === 'Withdrawal';
