import { createHash } from 'node:crypto';
import type { Position } from './event.ts';
import type { Topic } from './topics.ts';

/** A position in a topic, which a cursor names. */
export type TopicPosition = Position & { readonly topic: Topic };

const markLength = 8;

/**
 * Cursors of one database and its copies. A cursor has a mark of the database and the topic, which
 * recognises a cursor of another topic or database. It also has the position of an event, whose
 * number and tag are compared with the log [P3] [P15].
 */
export function cursorsOf(databaseId: string) {
  const mark = (topic: Topic) =>
    createHash('sha256').update(`${databaseId}/${topic}`).digest('base64url').slice(0, markLength);
  return {
    encode: ({ topic, seq, tag }: TopicPosition): string =>
      `${mark(topic)}${seq.toString(36)}.${(tag >>> 0).toString(36)}`,
    /**
     * The position in the cursor. Undefined if it is not a cursor of this topic in this database.
     */
    decode(cursor: string, topic: Topic): Position | undefined {
      if (!cursor.startsWith(mark(topic))) return undefined;
      const [seq, tag, ...rest] = cursor.slice(markLength).split('.').map(parseNumber);
      if (seq === undefined || tag === undefined || rest.length > 0) return undefined;
      return tag < 2 ** 32 ? { seq, tag: tag | 0 } : undefined;
    },
  };
}

/** Undefined unless it is a natural number in the form in which `encode` writes it. */
function parseNumber(digits: string): number | undefined {
  const value = Number.parseInt(digits, 36);
  return value >= 0 && Number.isSafeInteger(value) && value.toString(36) === digits
    ? value
    : undefined;
}

export type Cursors = ReturnType<typeof cursorsOf>;
