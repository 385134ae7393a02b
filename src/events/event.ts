import type { NewEvent } from './catalogue.ts';
import type { Topic } from './topics.ts';

/** Something that happened, at its place in the order of a topic. */
export type Event = NewEvent & {
  readonly topic: Topic;
  /** 1, 2, 3 … within the topic, without holes, in the order of the commits. */
  readonly seq: number;
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
