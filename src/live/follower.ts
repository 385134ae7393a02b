import type { TopicPosition } from '../events/cursor.ts';
import type { Position } from '../events/event.ts';
import type { ResetReason } from './live-field.ts';
import type { Page } from './page.ts';

/** The destination of a subscriber's payloads: a socket, or a response. */
export interface Sink {
  /** Whether the client keeps up. Nothing is written while it does not. */
  readonly isReady: boolean;
  /** Resolves when the client has received what was written, or has disconnected. */
  whenReady(): Promise<void>;
  /** `resumeAt`: where the client resumes after each payload, if it can. */
  write(payloads: readonly Buffer[], resumeAt?: readonly TopicPosition[]): void;
  /** Ends the payloads, with the refusal that caused it, if there is one. */
  end(error?: unknown): void;
}

export interface Follower {
  readonly viewerId: string | undefined;
  /** The holder of the budget it takes from. */
  readonly holder: string;
  readonly sink: Sink;
  /** Throws a refusal unless the viewer may follow now. */
  authorize(): Promise<void>;
}

/** Where a subscriber starts. */
export type Start =
  | { readonly type: 'live' }
  | { readonly type: 'snapshot' }
  | { readonly type: 'replay'; readonly after: Position }
  | { readonly type: 'reset'; readonly reason: ResetReason }
  | { readonly type: 'recent'; readonly page: Page };
