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
  /** `rotated`: the new one is stored. `reused`: this one had been used before, and its session is ended now. `over`: it is too late for it. */
  readonly outcome: 'rotated' | 'reused' | 'over';
}

/**
 * Uses a refresh token up and stores the one that follows, in one statement: of two uses at once one waits for the other and is then the
 * reuse. The session's row is locked with the token's, so that no refresh slips past a sign-out.
 */
const rotateText = `
  with token as (
    select t.hash, t.session_id, s.user_id,
      case when s.ended_at is not null then 'over' when t.used_at is not null then 'reused' when t.expires_at <= now() then 'over' else 'rotated' end as outcome
    from refresh_tokens t join sessions s on s.id = t.session_id
    where t.hash = $1
    for update),
  used as (
    update refresh_tokens set used_at = now() from token where refresh_tokens.hash = token.hash and token.outcome = 'rotated'),
  ended as (
    update sessions set ended_at = now() from token where sessions.id = token.session_id and token.outcome = 'reused'),
  following as (
    insert into refresh_tokens (hash, session_id, expires_at) select $2, session_id, $3::timestamptz from token where outcome = 'rotated')
  select session_id as "sessionId", user_id as "userId", outcome from token`;

/** Undefined when there never was such a token. */
export async function rotate(transaction: Transaction, token: string, following: { hash: string; expiresAt: Date }): Promise<Rotation | undefined> {
  const [rotation] = await transaction.$queryRawUnsafe<Rotation[]>(rotateText, hashOf(token), following.hash, following.expiresAt);
  return rotation;
}
