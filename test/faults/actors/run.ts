import type { Observation } from '../checker/history.ts';
import type { KeyedMessage } from '../checker/sends.ts';
import type { Endpoint } from '../cluster/request.ts';
import type { User } from '../cluster/users.ts';

/** What everybody who takes part in a run shares. */
export interface Run {
  readonly endpoints: readonly Endpoint[];
  /** Every key that somebody has begun to send. */
  readonly attempted: Set<string>;
  /** What was acknowledged and is not yet checked. */
  readonly acknowledged: KeyedMessage[];
  /** Pages of the history as a node showed them, not yet checked. */
  readonly pages: { readonly roomId: string; readonly messages: Observation[] }[];
  readonly counts: Counts;
  /** Something that must not be, at once. */
  violate(rule: string, detail: string): void;
  /** A follower received an event. Times are in ms since 1970. */
  received(roomId: string, event: { seq: number; occurredAt: number; at: number }): void;
  /** The time in ms until a removed member received the removal. */
  revoked(ms: number): void;
}

export interface Counts {
  sends: number;
  repeatedSends: number;
  events: number;
  reconnects: number;
  resets: number;
  joins: number;
  leaves: number;
  expiredTokens: number;
  pagesOfHistory: number;
  intrusions: number;
  /** Readers who read nothing and were cut off. */
  closedReaders: number;
  /** Received events of presence. */
  presence: number;
}

/** An actor works until it is stopped, and finishes its current action. */
export interface Actor {
  stop(): Promise<void>;
}

export interface Room {
  readonly id: string;
  readonly owner: User;
  readonly isPrivate: boolean;
}
