import type { Scope } from '../scope.ts';
import type { AnswerMemory, AnswerSize } from './answer-size.ts';

/** The socket an operation came over, as far as an operation may know it. */
export interface SocketConnection {
  /** Ends the connection at another time than its token said. Refused for a token of another user. */
  extend(token: string): Promise<Date>;
}

/** What a resolver is given. A new one for every operation, and for every page of events that is executed. */
export interface Context {
  readonly scope: Scope;
  readonly connection?: SocketConnection;
  /** What the answer may take while it is made. Undefined where nobody waits for one. */
  readonly memory?: AnswerMemory;
  /** Counts the answer; undefined where it is not counted. */
  readonly size?: AnswerSize;
}
