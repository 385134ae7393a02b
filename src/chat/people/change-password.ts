import type { Transaction } from '../../db/database.ts';
import { forbidden, invalid, unauthenticated } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { spendFor } from '../policy/allowances.ts';
import { signAccessToken } from './access-tokens.ts';
import { checkPassword, hashPassword, verifyPassword } from './passwords.ts';
import { newRefreshToken } from './refresh-tokens.ts';
import { endSessions, othersOf } from './session-list.ts';
import { storeSession, type Session } from './sessions.ts';
import { userColumns } from './users.ts';

/**
 * Changes the viewer's password, ends all other sessions, and replaces the tokens of this one, so
 * that a stolen refresh token no longer works. Connections of this session stay open. INVALID for
 * an account without a password, FORBIDDEN for a wrong password.
 */
export async function changePassword(
  scope: Scope,
  { currentPassword, newPassword }: { currentPassword: string; newPassword: string },
): Promise<Session> {
  const viewer = requireViewer(scope);
  const { database, config } = scope.node;
  const found = await database.prisma.user.findUnique({
    where: { id: viewer.id, deletedAt: null },
    select: { ...userColumns, passwordHash: true },
  });
  if (!found?.passwordHash)
    throw invalid(
      'Your account has no password on this server. If you sign in through an application, change your password there.',
    );
  checkPassword(newPassword, 'newPassword');
  const { passwordHash, ...user } = found;
  await checkCurrentPassword(scope, passwordHash, currentPassword);
  const newHash = await hashPassword(scope, newPassword);
  const refresh = newRefreshToken();
  const expiresAt = new Date(Date.now() + config.limits.refreshTokenMs);
  const sessionId = await transact(scope.node, async (transaction, record) => {
    const changed = await transaction.user.updateMany({
      where: { id: user.id, passwordHash },
      data: { passwordHash: newHash },
    });
    // Another request has changed the password since it was checked.
    if (changed.count === 0) throw wrongPassword();
    await endSessions(transaction, record, othersOf(user.id, viewer.sessionId));
    const stored = { hash: refresh.hash, expiresAt };
    if (viewer.sessionId === undefined) return storeSession(scope, transaction, user.id, stored);
    await replaceTokens(transaction, viewer.sessionId, stored);
    return viewer.sessionId;
  });
  return {
    ...(await signAccessToken(scope.node, user, sessionId)),
    refreshToken: refresh.token,
    user,
  };
}

/**
 * Checks the viewer's password. Every attempt of a session counts, also a correct one: the access
 * token may be stolen.
 */
export async function checkCurrentPassword(
  scope: Scope,
  passwordHash: string,
  password: string,
): Promise<void> {
  const { id, sessionId } = requireViewer(scope);
  await spendFor(scope, 'check-password', sessionId ?? id);
  if (!(await verifyPassword(scope, passwordHash, password))) throw wrongPassword();
}

const wrongPassword = () =>
  forbidden('The current password is wrong. Enter the password that you sign in with.');

/** A concurrent refresh waits for the lock and then no longer finds its token. */
async function replaceTokens(
  transaction: Transaction,
  sessionId: string,
  token: { hash: string; expiresAt: Date },
): Promise<void> {
  const [session] = await transaction.$queryRaw<{ id: string }[]>`
    select id from sessions where id = ${sessionId}::uuid and ended_at is null for update`;
  if (!session) throw unauthenticated('Your session has ended. Sign in again.');
  await transaction.refreshToken.deleteMany({ where: { sessionId } });
  await transaction.refreshToken.create({ data: { ...token, sessionId } });
  await transaction.session.update({
    where: { id: sessionId },
    data: { lastUsedAt: new Date() },
  });
}
