import type { Transaction } from '../../db/database.ts';
import type { Prisma } from '../../db/generated/client.ts';
import { notFound } from '../../errors.ts';
import { transact, type RecordEvent } from '../../events/transactions.ts';
import { isId } from '../../ids.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { spendFor } from '../policy/allowances.ts';

export interface SessionInfo {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly userAgent: string | null;
  readonly isCurrent: boolean;
}

/**
 * The viewer's active sessions, most recently used first. A user of the application's issuer has
 * none on this server.
 */
export async function listSessions(scope: Scope): Promise<SessionInfo[]> {
  const { id: userId, sessionId, isGuest } = requireViewer(scope);
  const { guestTokenMs, sessionsPerUser } = scope.node.config.limits;
  const isUsable: Prisma.SessionWhereInput = isGuest
    ? { createdAt: { gt: new Date(Date.now() - guestTokenMs) } }
    : { refreshTokens: { some: { expiresAt: { gt: new Date() } } } };
  const sessions = await scope.node.database.prisma.session.findMany({
    where: { userId, endedAt: null, ...isUsable },
    orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
    take: sessionsPerUser,
    select: { id: true, createdAt: true, lastUsedAt: true, userAgent: true },
  });
  return sessions.map((session) => ({ ...session, isCurrent: session.id === sessionId }));
}

/** Ends sessions on every node [P10], with their push subscriptions. Returns their number. */
export async function endSessions(
  transaction: Transaction,
  record: RecordEvent,
  which: Prisma.SessionWhereInput,
): Promise<number> {
  const ended = await transaction.session.updateManyAndReturn({
    where: { ...which, endedAt: null },
    data: { endedAt: new Date() },
    select: { id: true },
  });
  const ids = ended.map(({ id }) => id);
  await transaction.pushSubscription.deleteMany({ where: { sessionId: { in: ids } } });
  for (const id of ids) record({ type: 'SessionEnded', data: { sessionId: id } });
  return ended.length;
}

/**
 * Ends one of the viewer's sessions. Returns 0 if it had ended before. NOT_FOUND if it is not the
 * viewer's.
 */
export async function endSession(
  scope: Scope,
  { sessionId }: { sessionId: string },
): Promise<number> {
  const { id: userId } = requireViewer(scope);
  const own = isId(sessionId)
    ? await scope.node.database.prisma.session.findUnique({
        where: { id: sessionId, userId },
        select: { id: true },
      })
    : null;
  if (!own) throw notFound('You have no session with this id. Query `sessions` for yours.');
  await spendToEnd(scope);
  return transact(scope.node, (transaction, record) => endSessions(transaction, record, own));
}

/** Ends all of the viewer's sessions except the current one. */
export async function endOtherSessions(scope: Scope): Promise<number> {
  const { id: userId, sessionId } = requireViewer(scope);
  await spendToEnd(scope);
  return transact(scope.node, (transaction, record) =>
    endSessions(transaction, record, othersOf(userId, sessionId)),
  );
}

/**
 * Counts an attempt to end sessions. Each session counts alone, so that a stolen token cannot stop
 * its owner from ending its session.
 */
export function spendToEnd(scope: Scope): Promise<void> {
  const { id, sessionId } = requireViewer(scope);
  return spendFor(scope, 'end-session', sessionId ?? id);
}

export const othersOf = (
  userId: string,
  sessionId: string | undefined,
): Prisma.SessionWhereInput => ({
  userId,
  ...(sessionId !== undefined && { id: { not: sessionId } }),
});
