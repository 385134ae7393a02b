import type { Position } from '../events/event.ts';
import type { ResetReason } from './live-field.ts';
import type { Page } from './page.ts';

/** Where a subscriber's payloads go: a socket, or a response. */
export interface Sink {
  /** Whether the reader keeps up. Nothing is written while it does not. */
  readonly isReady: boolean;
  /** Resolves when the reader has caught up with what was written, or is gone. */
  whenReady(): Promise<void>;
  write(payloads: readonly Buffer[]): void;
  /** No more comes; with the refusal that is the cause, if there is one. */
  end(error?: unknown): void;
}

export interface Follower {
  readonly viewerId: string | undefined;
  /** Whose budget it takes from. */
  readonly holder: string;
  readonly sink: Sink;
  /** Throws a refusal unless the viewer may follow, now. */
  authorize(): Promise<void>;
}

/** Where a follower begins. */
export type Start =
  | { readonly type: 'live' }
  | { readonly type: 'snapshot' }
  | { readonly type: 'replay'; readonly after: Position }
  | { readonly type: 'reset'; readonly reason: ResetReason }
  | { readonly type: 'recent'; readonly page: Page };
