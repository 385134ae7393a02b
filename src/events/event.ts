import type { NewEvent } from './catalogue.ts';
import type { Facts } from './facts.ts';
import type { Topic } from './topics.ts';

/**
 * A point in the history of a topic. The transaction that stored the event made its tag at random.
 * A copy of a database has a prefix of the original's history. So two histories with the same tag
 * at the same number are the same up to there [P15].
 */
export interface Position {
  /** 1, 2, 3 … within the topic, without gaps, in the order of the commits. */
  readonly seq: number;
  readonly tag: number;
}

/** The position before the first event of a topic. */
export const origin: Position = { seq: 0, tag: 0 };

export const isSame = (one: Position, other: Position): boolean =>
  one.seq === other.seq && one.tag === other.tag;

/** A change that happened, at its position in a topic. */
export type Event = NewEvent &
  Position & {
    readonly topic: Topic;
    /**
     * The tag of the event before it. An event belongs to a history only if it follows the last
     * event of that history.
     */
    readonly follows: number;
    /** Milliseconds since 1970. */
    readonly occurredAt: number;
  };

/** An event on its way from the commit to its subscribers. */
export interface FreshEvent {
  readonly event: Event;
  readonly facts?: Facts;
}

/** Publishes committed events on this node and on the others. Never throws, never waits. */
export type Publish = (fresh: readonly FreshEvent[]) => void;

/**
 * Watches the events that are published on this node or on another. An event may arrive once,
 * several times or never. An empty list means that some were missed. The watcher must not throw.
 * The returned function stops it.
 */
export type Watch = (watcher: (fresh: readonly FreshEvent[]) => void) => () => void;
