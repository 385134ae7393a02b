import type { NewEvent } from './catalogue.ts';
import type { Topic } from './topics.ts';

/**
 * A point in the history of a topic. The tag is random, made by the transaction that stored the event. A copy of a database holds a prefix
 * of the original's history, so two histories that have the same tag at the same number are the same up to there [P15].
 */
export interface Position {
  /** 1, 2, 3 … within the topic, without holes, in the order of the commits. */
  readonly seq: number;
  readonly tag: number;
}

/** Where every topic begins: before its first event. */
export const origin: Position = { seq: 0, tag: 0 };

export const isSame = (one: Position, other: Position): boolean =>
  one.seq === other.seq && one.tag === other.tag;

/** Something that happened, at its position in a topic. */
export type Event = NewEvent &
  Position & {
    readonly topic: Topic;
    /** The tag of the event before it: an event belongs to a history only if it follows what that history has. */
    readonly follows: number;
    /** Milliseconds since 1970. */
    readonly occurredAt: number;
  };

/** Rows as they were at the commit, by kind and id. They save those who hear an event live from reading the database; no replay sees them. */
export type Facts = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** An event on its way from the commit to who follows. */
export interface FreshEvent {
  readonly event: Event;
  readonly facts?: Facts;
}

/** Tells this node and the others of events that are committed. Never throws, never waits. */
export type Publish = (fresh: readonly FreshEvent[]) => void;

/** Hears of every event that is told here, once or more often or not at all; of none, when some were missed. The watcher must not throw. The function returned stops it. */
export type Watch = (watcher: (fresh: readonly FreshEvent[]) => void) => () => void;
