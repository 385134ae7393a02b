import type { Position } from '../events/event.ts';
import type { RunOperation } from './encoding.ts';
import type { Feed } from './feed.ts';
import type { FollowerNote } from './live-field.ts';

/** Notes to subscribers, executed once for all that receive the same one at the same position. */
export interface Notes {
  take(note: FollowerNote, at: Position): Promise<Buffer>;
}

const keptMax = 100;

export function createNotes(topic: Feed['topic'], run: RunOperation): Notes {
  const executed = new Map<string, Promise<Buffer>>();

  async function execute(note: FollowerNote, { seq, tag }: Position): Promise<Buffer> {
    const { encode } = await run([{ ...note, topic, seq, tag, occurredAt: Date.now() }], {});
    return encode()[0]!;
  }

  return {
    take(note, at) {
      const key = JSON.stringify([note, at.seq, at.tag]);
      const known = executed.get(key);
      if (known) return known;
      if (executed.size > keptMax) executed.clear();
      const payload = execute(note, at);
      payload.catch(() => executed.delete(key));
      executed.set(key, payload);
      return payload;
    },
  };
}
