import { randomBytes } from 'node:crypto';
import { conflict, forbidden, invalid, unauthenticated, unavailable } from '../../errors.ts';
import type { Transaction } from '../../db/database.ts';
import { transact, type RecordEvent } from '../../events/transactions.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { spend } from '../policy/allowances.ts';
import { filterWords, refuseWords } from '../policy/word-filter.ts';
import { signAccessToken } from './access-tokens.ts';
import { isAdminName } from './admins.ts';
import { checkDisplayName, checkUsername, normaliseUsername } from './names.ts';
import { addUser } from './new-users.ts';
import { checkPassword, hashPassword, verifyPassword } from './passwords.ts';
import { newRefreshToken, rotate } from './refresh-tokens.ts';
import { endSessions } from './session-list.ts';
import { livingUsers, userColumns, usernameTaken, users, type UserRow } from './users.ts';

/** What a client holds of a session. */
export interface Session {
  readonly accessToken: string;
  readonly expiresAt: Date;
  readonly refreshToken: string | null;
  readonly user: UserRow;
}

export async function signUp(
  scope: Scope,
  input: { username: string; password: string; displayName?: string | null },
): Promise<Session> {
  const { config } = scope.node;
  if (config.SIGN_UP === 'off')
    throw forbidden(
      'Nobody can sign up on this server. Sign in with an account that you have, or through the application.',
    );
  const username = refuseWords(scope, checkUsername(input.username), 'username');
  const displayName = filterWords(
    scope,
    checkDisplayName(input.displayName ?? username),
    'displayName',
  );
  checkPassword(input.password);
  await spend(scope, 'sign-up-address', scope.address);
  const isAdmin = isAdminName(config, username);
  // Otherwise a stranger on the network could take the name before the administrator does.
  if (isAdmin && !scope.client?.isOnThisMachine)
    throw conflict(
      `The username ${username} is reserved for an administrator. Choose another, or sign up on the machine that runs the server.`,
    );
  const user = await addUser(scope, {
    username,
    displayName,
    passwordHash: await hashPassword(input.password, config.limits),
    role: isAdmin ? 'ADMIN' : 'USER',
  });
  if (!user) throw usernameTaken(username);
  return startSession(scope, user);
}

/** A wrong name and a wrong password are refused alike, after the same work. */
export async function signIn(
  scope: Scope,
  { username, password }: { username: string; password: string },
): Promise<Session> {
  const { config, database, rates } = scope.node;
  const name = normaliseUsername(username);
  const nameKey = name ?? username.slice(0, 64);
  await spend(scope, 'sign-in-address', scope.address);
  await spend(scope, 'sign-in-name', nameKey);
  const found = await database.prisma.user.findUnique({
    where: { username: name ?? '' },
    select: { ...userColumns, passwordHash: true },
  });
  if (!(await verifyPassword(found?.passwordHash, password, config.limits)) || !found)
    throw wrongCredentials();
  await Promise.all([
    rates.giveBack('sign-in-address', scope.address),
    rates.giveBack('sign-in-name', nameKey),
  ]);
  const { passwordHash, ...user } = found;
  return startSession(scope, user, passwordHash);
}

const wrongCredentials = () =>
  unauthenticated('The username or the password is wrong. Check both.');

export async function signInAsGuest(
  scope: Scope,
  input: { displayName: string },
): Promise<Session> {
  if (scope.node.config.GUESTS === 'off')
    throw forbidden('This server has no guests. Sign in with an account.');
  const displayName = filterWords(scope, checkDisplayName(input.displayName), 'displayName');
  await spend(scope, 'sign-up-address', scope.address);
  const username = `guest-${randomBytes(8).toString('hex')}`;
  const user = await addUser(scope, { username, displayName, isGuest: true });
  if (!user) throw unavailable('No free name was found for a guest. Try again.');
  return startSession(scope, user);
}

/** With the password's hash that was checked: a session is not started by a password that was changed meanwhile. */
async function startSession(
  scope: Scope,
  user: UserRow,
  passwordHash?: string | null,
): Promise<Session> {
  const { refreshTokenMs } = scope.node.config.limits;
  const refresh = user.isGuest ? undefined : newRefreshToken();
  const stored = refresh && {
    hash: refresh.hash,
    expiresAt: new Date(Date.now() + refreshTokenMs),
  };
  const id = await transact(scope.node, async (transaction, record) => {
    if (passwordHash) await holdPassword(transaction, user.id, passwordHash);
    const sessionId = await storeSession(scope, transaction, user.id, stored);
    await endOldest(scope, transaction, record, user.id);
    return sessionId;
  });
  users.prime(scope, user.id, user);
  return {
    ...(await signAccessToken(scope.node, user, id)),
    refreshToken: refresh?.token ?? null,
    user,
  };
}

/** Throws UNAUTHENTICATED if the user has another password now. Until the transaction ends it stays as it is. */
async function holdPassword(
  transaction: Transaction,
  userId: string,
  passwordHash: string,
): Promise<void> {
  const [held] = await transaction.$queryRaw<{ id: string }[]>`
    select id from users where id = ${userId}::uuid and password_hash = ${passwordHash} for share`;
  if (!held) throw wrongCredentials();
}

/** Returns the id. */
export async function storeSession(
  scope: Scope,
  transaction: Transaction,
  userId: string,
  refreshToken: { hash: string; expiresAt: Date } | undefined,
): Promise<string> {
  const { id } = await transaction.session.create({
    data: {
      userId,
      userAgent: scope.client?.userAgent ?? null,
      refreshTokens: refreshToken && { create: refreshToken },
    },
    select: { id: true },
  });
  return id;
}

/** Of more sessions than a user may have, those end that were used least recently. */
async function endOldest(
  scope: Scope,
  transaction: Transaction,
  record: RecordEvent,
  userId: string,
): Promise<void> {
  const oldest = await transaction.session.findMany({
    where: { userId, endedAt: null },
    orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
    skip: scope.node.config.limits.sessionsPerUser,
    take: 100,
    select: { id: true },
  });
  if (oldest.length > 0)
    await endSessions(transaction, record, { id: { in: oldest.map(({ id }) => id) } });
}

/** Rotates the token. One that was used before, and not just now, was copied by somebody: its session ends, for whoever holds it [P10]. */
export async function refreshSession(
  scope: Scope,
  { refreshToken }: { refreshToken: string },
): Promise<Session> {
  const following = newRefreshToken();
  const { refreshTokenMs, refreshRepeatMs } = scope.node.config.limits;
  const expiresAt = new Date(Date.now() + refreshTokenMs);
  const rotation = await transact(scope.node, async (transaction, record) => {
    const rotation = await rotate(
      transaction,
      refreshToken,
      { hash: following.hash, expiresAt },
      refreshRepeatMs,
      scope.client?.userAgent ?? null,
    );
    if (rotation?.outcome === 'reused')
      record({ type: 'SessionEnded', data: { sessionId: rotation.sessionId } });
    return rotation;
  });
  if (rotation?.outcome === 'reused')
    throw unauthenticated(
      'This refresh token was used before, so its session has been ended. Sign in again.',
    );
  const user = rotation?.outcome === 'rotated' && (await livingUsers.load(scope, rotation.userId));
  if (!user)
    throw unauthenticated(
      'This refresh token is unknown, has expired, or its session has ended. Sign in again.',
    );
  return {
    ...(await signAccessToken(scope.node, user, rotation.sessionId)),
    refreshToken: following.token,
    user,
  };
}

/** Ends the viewer's session on every node; what is refused from then on is for the nodes to see to [P10]. */
export async function signOut(scope: Scope): Promise<void> {
  const { sessionId } = requireViewer(scope);
  if (sessionId === undefined)
    throw invalid('This token comes from another issuer: end its session there.');
  await transact(scope.node, (transaction, record) =>
    endSessions(transaction, record, { id: sessionId }),
  );
}
