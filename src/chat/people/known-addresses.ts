import { createHmac } from 'node:crypto';
import type { Transaction } from '../../db/database.ts';
import type { Scope } from '../../scope.ts';

/**
 * The client's address, as a session stores it: a keyed hash with the user's id, so that the
 * database reveals neither addresses nor users who share one. Null for an unknown address.
 */
export const addressHash = ({ node, address }: Scope, userId: string): string | null =>
  address === ''
    ? null
    : createHmac('sha256', node.signingKey).update(`${userId} ${address}`).digest('base64url');

/** Stores the address from which a session was refreshed. */
export async function noteAddress(
  scope: Scope,
  transaction: Transaction,
  { sessionId, userId }: { sessionId: string; userId: string },
): Promise<void> {
  const hash = addressHash(scope, userId);
  await transaction.session.updateMany({
    where: { id: sessionId, OR: [{ addressHash: null }, { addressHash: { not: hash } }] },
    data: { addressHash: hash },
  });
}

/**
 * Whether a session of the user was started or refreshed last from this address. Sessions count
 * until they are pruned, also ended ones.
 */
export async function isKnownAddress(scope: Scope, userId: string): Promise<boolean> {
  const hash = addressHash(scope, userId);
  if (hash === null) return false;
  const session = await scope.node.database.prisma.session.findFirst({
    where: { userId, addressHash: hash },
    select: { id: true },
  });
  return session !== null;
}
