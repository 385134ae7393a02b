import type { Transaction } from '../../db/database.ts';

const atOnce = 500;

/**
 * Deletes refresh tokens a day after they ended, and sessions whose last one that was: by then no access token of theirs lives, either.
 * Returns how many tokens.
 */
export const pruneSessions = (transaction: Transaction): Promise<number> =>
  transaction.$executeRaw`
    with old as materialized (
      select hash, session_id from refresh_tokens where expires_at < now() - interval '1 day' order by expires_at limit ${atOnce}),
    sessions_gone as (
      delete from sessions where id = any(array(select session_id from old))
        and not exists (select from refresh_tokens where session_id = sessions.id and expires_at >= now() - interval '1 day'))
    delete from refresh_tokens where hash = any(array(select hash from old))`;
