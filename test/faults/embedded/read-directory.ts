import { PGlite } from '@electric-sql/pglite';
import { amcheck } from '@electric-sql/pglite/contrib/amcheck';
import type { LogEntry, Violation } from '../checker/history.ts';
import { readLog } from '../observations.ts';

interface Index {
  readonly table: string;
  readonly name: string;
  readonly oid: number;
}

const indexesText = `
  select tables.relname as table, indexes.relname as name, indexes.oid::int as oid
  from pg_index join pg_class indexes on indexes.oid = indexrelid join pg_class tables on tables.oid = indrelid
    join pg_am on pg_am.oid = indexes.relam
  where tables.relnamespace = 'public'::regnamespace and amname = 'btree'
  order by 1, 2`;

/**
 * Reads a data directory that is not in use: the log of a room, and all indexes. Compares each
 * index with its table: its order, and an entry for every row.
 */
export async function readDirectory(
  directory: string,
  roomId: string,
): Promise<{ log: LogEntry[]; indexes: number; disagreements: Violation[] }> {
  const database = await PGlite.create(directory, { extensions: { amcheck } });
  try {
    const log = await readLog(database, roomId);
    await database.exec('create extension if not exists amcheck');
    const { rows: indexes } = await database.query<Index>(indexesText);
    const disagreements: Violation[] = [];
    for (const { table, name, oid } of indexes) {
      const found = await database.query('select bt_index_check($1::oid, true)', [oid]).then(
        () => undefined,
        (error: Error) => error.message,
      );
      if (found) disagreements.push({ rule: 'index', detail: `${name} of ${table}: ${found}` });
    }
    // The counters are read by their indexes, the rows from end to end.
    const { rows: counted } = await database.query<{ head: number; events: number }>(
      `select (select head::int from topics where id = 'conversation:' || $1) as head, (select count(*)::int from (select * from events offset 0) as scanned where topic || '' = 'conversation:' || $1) as events`,
      [roomId],
    );
    if (counted[0]!.head !== counted[0]!.events)
      disagreements.push({
        rule: 'numbers',
        detail: `the topic's head is ${counted[0]!.head}, and it has ${counted[0]!.events} events`,
      });
    return { log, indexes: indexes.length, disagreements };
  } finally {
    await database.close();
  }
}
