import type { Database } from '../db/database.ts';
import type { Event } from './event.ts';
import type { Topic } from './topics.ts';

/** The truth of what happened, read from the primary. */
export interface EventLog {
  /** Names this history; goes into every cursor. */
  readonly epoch: string;
  /** The number of the newest event of each topic; topics without an event are left out. One query. */
  heads(topics: readonly Topic[]): Promise<Map<Topic, number>>;
  /** What follows `after`, oldest first, without a hole; undefined when the log no longer reaches back to there. */
  read(topic: Topic, after: number, limit: number): Promise<Event[] | undefined>;
}

const headsStatement = {
  name: 'event-heads',
  text: 'select id, head from topics where id = any($1)',
};
const readStatement = {
  name: 'event-read',
  // With the head, or a topic whose events are all trimmed would look like one that has nothing new.
  text: `select topics.head, found.* from topics left join lateral (
           select topic, seq, type, data, (extract(epoch from occurred_at) * 1000)::float8 as "occurredAt"
           from events where topic = topics.id and seq > $2 order by seq limit $3) found on true
         where topics.id = $1`,
};

export function openEventLog(database: Database): EventLog {
  return {
    epoch: database.epoch,
    async heads(topics) {
      const rows = await database.query<{ id: Topic; head: number }>(headsStatement, [topics]);
      return new Map(rows.map(({ id, head }) => [id, head]));
    },
    async read(topic, after, limit) {
      const rows = await database.query<Event & { head: number }>(readStatement, [
        topic,
        after,
        limit,
      ]);
      const first = rows[0];
      if (!first || first.head <= after) return [];
      return first.seq === after + 1 ? rows.map(({ head: _, ...event }) => event) : undefined;
    },
  };
}
