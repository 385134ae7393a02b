import type { Channel, Notice } from '../events/channel.ts';
import type { Event } from '../events/event.ts';
import type { Topic } from '../events/topics.ts';
import type { Scope } from '../scope.ts';

/**
 * How a subscription field is followed. It is in the field's `extensions.live`; the field has no
 * `subscribe` function.
 */
export type LiveField<Arguments = Record<string, unknown>> =
  | EventField<Arguments>
  | NoticeField<Arguments>;

/** A field whose payloads are the events of a topic. */
export interface EventField<Arguments> {
  /** Called once before the topic is opened. May throw a refusal. */
  prepare?(scope: Scope, args: Arguments): Promise<void>;
  /** The topic of the events. */
  topic(scope: Scope, args: Arguments): Topic;
  /**
   * Throws a refusal unless the viewer may follow now. It is asked again after an event that
   * withdraws permission [P11].
   */
  authorize(scope: Scope, args: Arguments): Promise<void>;
  /**
   * For fields with the argument `last`: so many of the newest events up to the number `upTo`,
   * oldest first, also if the log no longer has them.
   */
  recent?(scope: Scope, args: Arguments, count: number, upTo: number): Promise<Event[]>;
  /** The events that subscribers receive. Undefined if they receive all. */
  selects?(args: Arguments): ((event: Event) => boolean) | undefined;
  /** Whether everything that the log still has is replayed, however much it is. */
  readonly replaysAll?: boolean;
}

/**
 * A field whose payloads are the notices of a channel: a snapshot, then changes. A subscriber that
 * falls behind receives a new snapshot.
 */
export interface NoticeField<Arguments> {
  channel(scope: Scope, args: Arguments): Promise<Channel>;
  /**
   * The topic whose events withdraw permission to follow. Undefined if it cannot be withdrawn
   * [P11].
   */
  permissions?(scope: Scope, args: Arguments): Topic | undefined;
  /** Throws a refusal unless the viewer may follow now. */
  authorize(scope: Scope, args: Arguments): Promise<void>;
}

/** A payload for one subscriber that is no event of the topic. It has a position like an event. */
export type FollowerNote =
  | { readonly type: 'CaughtUp'; readonly data: { readonly replayed: number } }
  | { readonly type: 'StreamReset'; readonly data: { readonly reason: ResetReason } };

export type ResetReason = 'LOG_TRIMMED' | 'TOO_FAR_BEHIND' | 'UNKNOWN_CURSOR';

/** The root value of a field of events: an event, or a note to the subscriber. */
export type LiveEvent =
  | Event
  | (FollowerNote & Pick<Event, 'topic' | 'seq' | 'tag' | 'occurredAt'>);

/** The root value of a field of notices. Its number counts the notices on this node. */
export type LiveNotice = Notice &
  Pick<Event, 'topic' | 'seq' | 'tag' | 'occurredAt'> & { readonly isFor: Notice['isFor'] };
