import { createHash } from 'node:crypto';
import type { Position } from './event.ts';
import type { Topic } from './topics.ts';

const markLength = 8;

/**
 * Cursors of one database and its copies. A cursor holds a mark of the database and the topic, so that one of another topic or database is
 * known as foreign, and the position of an event: its number and its tag, which the log compares with its own [P3] [P15].
 */
export function cursorsOf(databaseId: string) {
  const mark = (topic: Topic) =>
    createHash('sha256').update(`${databaseId}/${topic}`).digest('base64url').slice(0, markLength);
  return {
    encode: ({ topic, seq, tag }: Position & { readonly topic: Topic }): string =>
      `${mark(topic)}${seq.toString(36)}.${(tag >>> 0).toString(36)}`,
    /** The position it holds; undefined when it is not a cursor of this topic in this database. */
    decode(cursor: string, topic: Topic): Position | undefined {
      if (!cursor.startsWith(mark(topic))) return undefined;
      const [seq, tag, ...rest] = cursor
        .slice(markLength)
        .split('.')
        .map((digits) => {
          const value = Number.parseInt(digits, 36);
          return Number.isSafeInteger(value) && value.toString(36) === digits ? value : -1;
        });
      if (seq === undefined || tag === undefined || rest.length > 0) return undefined;
      return seq >= 0 && tag >= 0 && tag < 2 ** 32 ? { seq, tag: tag | 0 } : undefined;
    },
  };
}

export type Cursors = ReturnType<typeof cursorsOf>;
