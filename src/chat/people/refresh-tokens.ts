import { createHash, randomBytes } from 'node:crypto';
import type { Transaction } from '../../db/database.ts';

/** A secret for the client and what is stored of it, so that a stolen database signs nobody in. */
export function newRefreshToken(): { token: string; hash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashOf(token) };
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url');

export interface Rotation {
  readonly sessionId: string;
  readonly userId: string;
  /** `rotated`: the new one is stored. `reused`: this one was not to be used any more, and its session is ended now. `over`: it is too late for it. */
  readonly outcome: 'rotated' | 'reused' | 'over';
}

/** Rotations of a session, and what ends it, wait here for each other; the next statement sees what the one before has done. */
const lockText =
  'select id from sessions where id = (select session_id from refresh_tokens where hash = $1) for update';

/**
 * Uses a refresh token up and stores the one that follows. One whose successor was not used is taken again for a while: the answer may have
 * been lost. That successor is then replaced, so that a session has one line of tokens; to use it afterwards counts as reuse, because two
 * hold tokens of the session, and only one of them may be its owner.
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

/** Undefined when there never was such a token. */
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
