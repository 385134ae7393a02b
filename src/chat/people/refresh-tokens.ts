import { createHash, randomBytes } from 'node:crypto';
import type { Transaction } from '../../db/database.ts';

/** A secret for the client, and the hash to store: a stolen database contains no usable token. */
export function newRefreshToken(): { token: string; hash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashOf(token) };
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url');

export interface Rotation {
  readonly sessionId: string;
  readonly userId: string;
  /**
   * `rotated`: the new token is stored. `reused`: the token was used before, and its session has
   * now been ended. `over`: the token or its session has expired or ended.
   */
  readonly outcome: 'rotated' | 'reused' | 'over';
}

/**
 * Locks the session, so that two rotations, or a rotation and the end of the session, run one after
 * the other.
 */
const lockText =
  'select id from sessions where id = (select session_id from refresh_tokens where hash = $1) for update';

/**
 * Marks a refresh token as used and stores its successor. The answer may get lost: for a short time
 * the token is accepted again, if its successor was not used. The first successor is then replaced.
 * A later use of it counts as reuse, because two clients hold tokens of one session.
 */
const rotateText = `
  with token as (
    select t.hash, t.successor, t.session_id, s.user_id,
      case
        when s.ended_at is not null then 'over'
        when t.used_at is null then case when t.expires_at > now() then 'rotated' else 'over' end
        when t.used_at > now() - $4 * interval '1 millisecond' and successor.used_at is null and successor.hash is not null then 'rotated'
        else 'reused' end as outcome
    from refresh_tokens t join sessions s on s.id = t.session_id left join refresh_tokens successor on successor.hash = t.successor
    where t.hash = $1),
  used as (
    update refresh_tokens set used_at = coalesce(used_at, now()), successor = $2 from token where refresh_tokens.hash = token.hash and outcome = 'rotated'),
  replaced as (
    update refresh_tokens set used_at = now() from token where refresh_tokens.hash = token.successor and outcome = 'rotated'),
  ended as (
    update sessions set ended_at = now() from token where sessions.id = token.session_id and outcome = 'reused'),
  touched as (
    update sessions set last_used_at = now(), user_agent = $5::text from token where sessions.id = token.session_id and outcome = 'rotated'),
  following as (
    insert into refresh_tokens (hash, session_id, expires_at) select $2, session_id, $3::timestamptz from token where outcome = 'rotated')
  select session_id as "sessionId", user_id as "userId", outcome from token`;

/** Undefined if the token is unknown. */
export async function rotate(
  transaction: Transaction,
  token: string,
  following: { hash: string; expiresAt: Date },
  repeatMs: number,
  userAgent: string | null,
): Promise<Rotation | undefined> {
  const hash = hashOf(token);
  await transaction.$queryRawUnsafe(lockText, hash);
  const [rotation] = await transaction.$queryRawUnsafe<Rotation[]>(
    rotateText,
    hash,
    following.hash,
    following.expiresAt,
    repeatMs,
    userAgent,
  );
  return rotation;
}
