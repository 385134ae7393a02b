import type { JsonObject } from '../policy/json.ts';
import { findMentions } from './mentions.ts';
import type { SentField, StoredMessage } from './message-fields.ts';
import { tsvectorOf } from './search-query.ts';

/** A message to store. Everything has been checked that does not depend on the database. */
export interface NewMessage extends Readonly<
  Omit<
    Pick<StoredMessage, SentField>,
    'id' | 'body' | 'idempotencyKey' | 'metadata' | 'hiddenFromId' | 'fingerprint'
  >
> {
  readonly body: string;
  readonly metadata: JsonObject;
  /** The participant from whom the message is hidden. Undefined: nobody. */
  readonly hiddenFromId?: string | null;
  /** Identifies repeats of a send. Undefined: the send cannot be repeated. */
  readonly idempotencyKey: string | undefined;
  /** The mentions in the body, in their order: see `findMentions`. */
  readonly mentions: readonly (readonly string[])[];
  /**
   * The body as the author sent it, by which repeats are recognised, if another one or other
   * metadata are stored.
   */
  readonly sentBody?: string;
}

/** A body that was checked, and what follows from it. */
export const writtenBody = (body: string) => ({
  body,
  words: tsvectorOf(body),
  mentions: findMentions(body),
});
