import type { Observation } from '../checker/history.ts';
import type { KeyedMessage } from '../checker/sends.ts';
import type { Endpoint } from '../cluster/request.ts';
import type { User } from '../cluster/users.ts';

/** The state that all actors of a run share. */
export interface Run {
  readonly endpoints: readonly Endpoint[];
  /** The keys of all attempted sends. */
  readonly attempted: Set<string>;
  /** Acknowledged messages that are not yet checked. */
  readonly acknowledged: KeyedMessage[];
  /** Loaded pages of the history that are not yet checked. */
  readonly pages: { readonly roomId: string; readonly messages: Observation[] }[];
  readonly counts: Counts;
  /** Reports a violation immediately. */
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
  /** Stalled readers that were disconnected. */
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
