import type { Database } from '../db/database.ts';
import { origin, type Event, type Position } from './event.ts';
import type { Topic } from './topics.ts';

/** A part of a topic's history. */
export interface Passage {
  readonly after: Position;
  /** What follows, oldest first, without a hole. */
  readonly events: readonly Event[];
}

/** The truth of what happened, read from the primary. */
export interface EventLog {
  /** The position of the newest event of each topic; topics without an event are left out. One query. */
  heads(topics: readonly Topic[]): Promise<Map<Topic, Position>>;
  /** What follows the number `after`. Undefined when the log does not reach back to there, or not yet up to there. */
  read(topic: Topic, after: number, limit: number): Promise<Passage | undefined>;
}

const headsStatement = {
  name: 'event-heads',
  text: 'select id, head, tag from topics where id = any($1)',
};
const readStatement = {
  name: 'event-read',
  // With the head, or a topic whose events are all trimmed would look like one that has nothing new.
  text: `select topics.head, topics.tag as "headTag", found.* from topics left join lateral (
           select topic, seq, tag, follows, type, data, (extract(epoch from occurred_at) * 1000)::float8 as "occurredAt"
           from events where topic = topics.id and seq > $2 order by seq limit $3) found on true
         where topics.id = $1`,
};

export function openEventLog(database: Database): EventLog {
  return {
    async heads(topics) {
      const rows = await database.query<{ id: Topic; head: number; tag: number }>(headsStatement, [
        topics,
      ]);
      return new Map(rows.map(({ id, head, tag }) => [id, { seq: head, tag }]));
    },
    async read(topic, after, limit) {
      const rows = await database.query<Event & { head: number; headTag: number }>(readStatement, [
        topic,
        after,
        limit,
      ]);
      const first = rows[0];
      const head = first ? { seq: first.head, tag: first.headTag } : origin;
      if (after === head.seq) return { after: head, events: [] };
      if (!first || after > head.seq || first.seq !== after + 1) return undefined;
      return {
        after: { seq: after, tag: first.follows },
        events: rows.map(({ head: _, headTag: __, ...event }) => event),
      };
    },
  };
}
