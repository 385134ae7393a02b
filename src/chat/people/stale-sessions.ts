import type { Transaction } from '../../db/database.ts';

const tokensAtOnce = 500;

/**
 * Deletes refresh tokens one day after they expire, and their sessions if no other token is left.
 * By then the access tokens of these sessions have expired too. Returns the number of tokens.
 */
export const pruneSessions = (transaction: Transaction): Promise<number> =>
  transaction.$executeRaw`
    with old as materialized (
      select hash, session_id from refresh_tokens where expires_at < now() - interval '1 day' order by expires_at limit ${tokensAtOnce}),
    sessions_gone as (
      delete from sessions where id = any(array(select session_id from old))
        and not exists (select from refresh_tokens where session_id = sessions.id and expires_at >= now() - interval '1 day'))
    delete from refresh_tokens where hash = any(array(select hash from old))`;
