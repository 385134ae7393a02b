import type { Channel, Notice } from '../events/channel.ts';
import type { Event } from '../events/event.ts';
import type { Topic } from '../events/topics.ts';
import type { Scope } from '../scope.ts';

/** How a subscription's field is followed. It stands in the field's `extensions.live`; the field itself has no source of its own. */
export type LiveField<Arguments = Record<string, unknown>> =
  | EventField<Arguments>
  | NoticeField<Arguments>;

/** One that carries what happened. */
export interface EventField<Arguments> {
  /** The topic whose events the field carries. */
  topic(scope: Scope, args: Arguments): Topic;
  /** Throws a refusal unless the viewer may follow, now. Withdrawal while it runs is the business of the events themselves [P11]. */
  authorize(scope: Scope, args: Arguments): Promise<void>;
  /** For fields with the argument `last`: that many recent events, oldest first, whether the log still has them or not. */
  recent?(scope: Scope, args: Arguments, count: number): Promise<Event[]>;
}

/** One that carries what holds now: once as it is, then what changes. Who does not keep up is told anew how it is. */
export interface NoticeField<Arguments> {
  channel(scope: Scope, args: Arguments): Promise<Channel>;
  /** The topic whose events withdraw permission to follow, where it can be withdrawn [P11]. */
  permissions?(scope: Scope, args: Arguments): Topic;
  /** Throws a refusal unless the viewer may follow, now. */
  authorize(scope: Scope, args: Arguments): Promise<void>;
}

/** What a follower is told that did not happen in the topic. They hold its place like the events do. */
export type FollowerNote =
  | { readonly type: 'CaughtUp'; readonly data: { readonly replayed: number } }
  | { readonly type: 'StreamReset'; readonly data: { readonly reason: ResetReason } };

export type ResetReason = 'LOG_TRIMMED' | 'TOO_FAR_BEHIND' | 'UNKNOWN_CURSOR';

/** What a live field of events resolves: an event, or a note to this follower. */
export type LiveEvent =
  | Event
  | (FollowerNote & Pick<Event, 'topic' | 'seq' | 'tag' | 'occurredAt'>);

/** What a live field of notices resolves. The number counts what was told on this node. */
export type LiveNotice = Notice &
  Pick<Event, 'topic' | 'seq' | 'tag' | 'occurredAt'> & { readonly isFor: Notice['isFor'] };
