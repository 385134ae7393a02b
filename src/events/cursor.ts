import { createHash } from 'node:crypto';
import type { Topic } from './topics.ts';

/** A place in a topic's sequence: everything up to `seq` has been heard. */
export interface Position {
  readonly topic: Topic;
  readonly seq: number;
}

/**
 * Cursors of one history. Beside the number they hold a mark made of the epoch and the topic, so that a cursor of another topic or
 * database is known as foreign instead of being taken for a place in this one [P3].
 */
export function cursorsOf(epoch: string) {
  const mark = (topic: Topic) =>
    createHash('sha256').update(`${epoch}/${topic}`).digest('base64url').slice(0, 8);
  return {
    encode: ({ topic, seq }: Position): string => `${mark(topic)}${seq.toString(36)}`,
    /** The number it holds; undefined when it is not a cursor of this topic in this history. */
    decode(cursor: string, topic: Topic): number | undefined {
      if (!cursor.startsWith(mark(topic))) return undefined;
      const seq = Number.parseInt(cursor.slice(8), 36);
      return Number.isSafeInteger(seq) && seq >= 0 && seq.toString(36) === cursor.slice(8)
        ? seq
        : undefined;
    },
  };
}

export type Cursors = ReturnType<typeof cursorsOf>;
