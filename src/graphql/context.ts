import type { Scope } from '../scope.ts';
import type { AnswerMemory, AnswerSize } from './answer-size.ts';
import type { StreamedJson } from './streamed-json.ts';

/** The socket over which an operation was sent, as far as resolvers may use it. */
export interface SocketConnection {
  /**
   * Moves the end of the connection to the expiry of a newer token. Rejects with a refusal for a
   * token of another user. Returns the new end.
   */
  extend(token: string): Promise<Date>;
}

/**
 * The context of resolvers. There is a new one for every operation, and for every batch of events
 * that is executed.
 */
export interface Context {
  readonly scope: Scope;
  readonly connection?: SocketConnection;
  /** The memory budget of the answer. Undefined for events, which have no answer. */
  readonly memory?: AnswerMemory;
  /**
   * The streamed objects in the answer. Undefined if it must be sent as a whole.
   */
  readonly streamed?: StreamedJson[] | undefined;
  /** Counts the bytes of the answer. Undefined if they are not limited. */
  readonly size?: AnswerSize;
}
