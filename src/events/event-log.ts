import type { Database } from '../db/database.ts';
import { origin, type Event, type Position } from './event.ts';
import type { Topic } from './topics.ts';

/** A part of a topic's history. */
export interface Passage {
  readonly after: Position;
  /** The events that follow, oldest first, without a gap. */
  readonly events: readonly Event[];
  /** The newest event of the topic at that moment. */
  readonly head: Position;
}

/** The stored events. They are read from the primary. */
export interface EventLog {
  /** The position of the newest event of each topic that has one. One query. */
  heads(topics: readonly Topic[]): Promise<Map<Topic, Position>>;
  /**
   * The events that follow the number `after`. Undefined if the log was trimmed past it, or has not
   * reached it.
   */
  read(topic: Topic, after: number, limit: number): Promise<Passage | undefined>;
}

const headsStatement = {
  name: 'event-heads',
  text: 'select id, head, tag from topics where id = any($1)',
};
const readStatement = {
  name: 'event-read',
  // With the head, because a topic whose events are all trimmed would look like one without new
  // events.
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
      if (after === head.seq) return { after: head, events: [], head };
      if (!first || after > head.seq || first.seq !== after + 1) return undefined;
      return {
        after: { seq: after, tag: first.follows },
        events: rows.map(({ head: _, headTag: __, ...event }) => event),
        head,
      };
    },
  };
}
