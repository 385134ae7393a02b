import type { Transaction } from '../../db/database.ts';
import { forbidden, invalid, unauthenticated } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { spend } from '../policy/allowances.ts';
import { signAccessToken } from './access-tokens.ts';
import { checkPassword, hashPassword, verifyPassword } from './passwords.ts';
import { newRefreshToken } from './refresh-tokens.ts';
import { endSessions, othersOf } from './session-list.ts';
import { storeSession, type Session } from './sessions.ts';
import { userColumns } from './users.ts';

/**
 * Gives the viewer another password, ends all their other sessions, and gives this one new tokens: a refresh token that was copied before is worth
 * nothing any more. Connections of this session stay open. Throws INVALID for an account without a password, and FORBIDDEN for a wrong one.
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
      'This account has no password here. If you sign in through an application, change the password there.',
    );
  checkPassword(newPassword, 'newPassword');
  const { passwordHash, ...user } = found;
  await checkCurrentPassword(scope, passwordHash, currentPassword);
  const newHash = await hashPassword(newPassword, config.limits);
  const refresh = newRefreshToken();
  const expiresAt = new Date(Date.now() + config.limits.refreshTokenMs);
  const sessionId = await transact(scope.node, async (transaction, record) => {
    const changed = await transaction.user.updateMany({
      where: { id: user.id, passwordHash },
      data: { passwordHash: newHash },
    });
    // It was changed a moment ago, from elsewhere.
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

/** Guesses are counted per account, also those that were right: whoever holds an access token may be a thief. */
export async function checkCurrentPassword(
  scope: Scope,
  passwordHash: string,
  password: string,
): Promise<void> {
  await spend(scope, 'check-password', requireViewer(scope).id);
  if (!(await verifyPassword(passwordHash, password, scope.node.config.limits)))
    throw wrongPassword();
}

const wrongPassword = () =>
  forbidden('The current password is wrong. Give the one that you sign in with.');

/** Refreshing waits for the lock, and finds its token gone then. */
async function replaceTokens(
  transaction: Transaction,
  sessionId: string,
  token: { hash: string; expiresAt: Date },
): Promise<void> {
  const [held] = await transaction.$queryRaw<{ id: string }[]>`
    select id from sessions where id = ${sessionId}::uuid and ended_at is null for update`;
  if (!held) throw unauthenticated('The session of this token has ended. Sign in again.');
  await transaction.refreshToken.deleteMany({ where: { sessionId } });
  await transaction.refreshToken.create({ data: { ...token, sessionId } });
  await transaction.session.update({
    where: { id: sessionId },
    data: { lastUsedAt: new Date() },
  });
}
