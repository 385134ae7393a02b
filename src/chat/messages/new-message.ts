import type { JsonObject } from '../policy/json.ts';
import type { SentField, StoredMessage } from './message-fields.ts';

/** A message to store. Everything has been checked that does not depend on the database. */
export interface NewMessage extends Readonly<
  Omit<Pick<StoredMessage, SentField>, 'id' | 'body' | 'idempotencyKey' | 'metadata'>
> {
  readonly body: string;
  readonly metadata: JsonObject;
  /** Identifies repeats of a send. Undefined: the send cannot be repeated. */
  readonly idempotencyKey: string | undefined;
  /** The mentions in the body, in their order: see `findMentions`. */
  readonly mentions: readonly (readonly string[])[];
}
