import type { Database } from '../../src/db/database.ts';

/**
 * Moves the dates of the seeded rows into the past: messages to their times in `moments`, users and
 * rooms to an hour before the first message.
 */
export async function backdate(
  { query }: Database,
  moments: ReadonlyMap<string, number>,
): Promise<void> {
  const given = [[...moments.keys()], [...moments.values()].map((at) => new Date(at))];
  await query(
    {
      name: 'date-messages',
      text: 'update messages set created_at = at from unnest($1::uuid[], $2::timestamptz[]) as given(message_id, at) where id = message_id',
    },
    given,
  );
  await query(
    {
      name: 'date-events',
      text: `update events set occurred_at = at from unnest($1::uuid[], $2::timestamptz[]) as given(message_id, at) where data ->> 'messageId' = message_id::text`,
    },
    given,
  );
  const first = new Date(Math.min(...moments.values()) - 3_600_000);
  for (const [table, column] of [
    ['users', 'created_at'],
    ['conversations', 'created_at'],
    ['members', 'joined_at'],
  ])
    await query({ name: `date-${table}`, text: `update ${table} set ${column} = $1` }, [first]);
}
