import type { Event } from '../events/event.ts';
import type { Topic } from '../events/topics.ts';
import type { Scope } from '../scope.ts';

/** How a subscription's field is followed. It stands in the field's `extensions.live`; the field itself has no source of its own. */
export interface LiveField<Arguments = Record<string, unknown>> {
  /** The topic whose events the field carries. */
  topic(scope: Scope, args: Arguments): Topic;
  /** Throws a refusal unless the viewer may follow, now. Withdrawal while it runs is the business of the events themselves [P11]. */
  authorize(scope: Scope, args: Arguments): Promise<void>;
  /** For fields with the argument `last`: that many recent events, oldest first, whether the log still has them or not. */
  recent?(scope: Scope, args: Arguments, count: number): Promise<Event[]>;
}

/** What a follower is told that did not happen in the topic. They hold its place like the events do. */
export type FollowerNote =
  | { readonly type: 'CaughtUp'; readonly data: { readonly replayed: number } }
  | { readonly type: 'StreamReset'; readonly data: { readonly reason: ResetReason } };

export type ResetReason = 'LOG_TRIMMED' | 'TOO_FAR_BEHIND' | 'UNKNOWN_CURSOR';

/** What a live field resolves: an event, or a note to this follower. */
export type Heard = Event | (FollowerNote & Pick<Event, 'topic' | 'seq' | 'occurredAt'>);
