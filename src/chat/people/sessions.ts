import { randomBytes } from 'node:crypto';
import { conflict, forbidden, invalid, unauthenticated, unavailable } from '../../errors.ts';
import type { Transaction } from '../../db/database.ts';
import { transact, type RecordEvent } from '../../events/transactions.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { giveBack, spendFor } from '../policy/allowances.ts';
import { filterWords, refuseWords } from '../policy/word-filter.ts';
import { signAccessToken } from './access-tokens.ts';
import { isAdminName } from './admins.ts';
import { addressHash, isKnownAddress, noteAddress } from './known-addresses.ts';
import {
  checkDisplayName,
  checkUsername,
  normaliseUsername,
  refuseReservedDisplayName,
  refuseReservedUsername,
} from './names.ts';
import { addUser } from './new-users.ts';
import { checkPassword, hashPassword, verifyPassword } from './passwords.ts';
import { newRefreshToken, rotate } from './refresh-tokens.ts';
import { guestUsernamePrefix } from './reserved-names.ts';
import { endSessions, spendToEnd } from './session-list.ts';
import { livingUsers, userColumns, usernameTaken, users, type UserRow } from './users.ts';

/** A session as the client receives it. */
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
      'You cannot sign up on this server. Sign in with an existing account, or through the application.',
    );
  const username = refuseWords(scope, checkUsername(input.username), 'username');
  const isAdmin = isAdminName(config, username);
  if (!isAdmin) refuseReservedUsername(username);
  const displayName = filterWords(
    scope,
    checkDisplayName(input.displayName ?? username),
    'displayName',
  );
  if (!isAdmin) refuseReservedDisplayName(displayName);
  checkPassword(input.password);
  await spendFor(scope, 'sign-up-address', scope.address);
  // Otherwise a stranger on the network could take the name before the administrator.
  if (isAdmin && !scope.client?.isOnThisMachine)
    throw conflict(
      `The username ${username} is reserved for an administrator. Choose another, or sign up on the machine that runs the server.`,
    );
  const user = await addUser(scope, {
    username,
    displayName,
    passwordHash: await hashPassword(scope, input.password),
    role: isAdmin ? 'ADMIN' : 'USER',
  });
  if (!user) throw usernameTaken(username);
  return startSession(scope, user);
}

/** A wrong username and a wrong password give the same error after the same work. */
export async function signIn(
  scope: Scope,
  { username, password }: { username: string; password: string },
): Promise<Session> {
  const name = normaliseUsername(username);
  const nameKey = name ?? username.slice(0, 64);
  const guesserKey = `${nameKey} ${scope.address}`;
  await spendFor(scope, 'sign-in-address', scope.address);
  await spendFor(scope, 'sign-in-guesser', guesserKey);
  const found = await scope.node.database.prisma.user.findUnique({
    where: { username: name ?? '' },
    select: { ...userColumns, passwordHash: true },
  });
  // Guesses from many addresses must not keep the owner out, who comes back to an address of an
  // earlier session.
  const isStranger = !found || !(await isKnownAddress(scope, found.id));
  if (isStranger) await spendFor(scope, 'sign-in-stranger', nameKey);
  if (!(await verifyPassword(scope, found?.passwordHash, password)) || !found)
    throw wrongCredentials();
  await Promise.all([
    giveBack(scope, 'sign-in-guesser', guesserKey),
    isStranger && giveBack(scope, 'sign-in-stranger', nameKey),
  ]);
  const { passwordHash, ...user } = found;
  return startSession(scope, user, passwordHash);
}

const wrongCredentials = () => unauthenticated('Your username or password is wrong. Check both.');

export async function signInAsGuest(
  scope: Scope,
  input: { displayName: string },
): Promise<Session> {
  if (scope.node.config.GUESTS === 'off')
    throw forbidden('This server does not accept guests. Sign in with an account.');
  const displayName = filterWords(scope, checkDisplayName(input.displayName), 'displayName');
  refuseReservedDisplayName(displayName);
  await spendFor(scope, 'sign-up-address', scope.address);
  const username = `${guestUsernamePrefix}${randomBytes(8).toString('hex')}`;
  const user = await addUser(scope, { username, displayName, isGuest: true });
  if (!user) throw unavailable('We could not find a free username for you. Try again.');
  return startSession(scope, user);
}

/**
 * `passwordHash` is the hash that was checked: a password that has changed since then starts no
 * session.
 */
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
    if (passwordHash) await lockPassword(transaction, user.id, passwordHash);
    const sessionId = await storeSession(scope, transaction, user.id, stored);
    await endExcessSessions(scope, transaction, record, user.id);
    return sessionId;
  });
  users.prime(scope, user.id, user);
  return {
    ...(await signAccessToken(scope.node, user, id)),
    refreshToken: refresh?.token ?? null,
    user,
  };
}

/** Locks the user's password until the transaction ends. UNAUTHENTICATED if it has changed. */
async function lockPassword(
  transaction: Transaction,
  userId: string,
  passwordHash: string,
): Promise<void> {
  const [user] = await transaction.$queryRaw<{ id: string }[]>`
    select id from users where id = ${userId}::uuid and password_hash = ${passwordHash} for share`;
  if (!user) throw wrongCredentials();
}

/** Returns the id of the new session. */
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
      addressHash: refreshToken ? addressHash(scope, userId) : null,
      refreshTokens: refreshToken && { create: refreshToken },
    },
    select: { id: true },
  });
  return id;
}

/** Ends the least recently used sessions of a user with more sessions than the limit. */
async function endExcessSessions(
  scope: Scope,
  transaction: Transaction,
  record: RecordEvent,
  userId: string,
): Promise<void> {
  const excess = await transaction.session.findMany({
    where: { userId, endedAt: null },
    orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
    skip: scope.node.config.limits.sessionsPerUser,
    take: 100,
    select: { id: true },
  });
  if (excess.length > 0)
    await endSessions(transaction, record, { id: { in: excess.map(({ id }) => id) } });
}

/**
 * Rotates the refresh token. A token that was used before, except a moment ago, has been copied:
 * its session ends [P10].
 */
export async function refreshSession(
  scope: Scope,
  { refreshToken }: { refreshToken: string },
): Promise<Session> {
  await spendFor(scope, 'refresh-address', scope.address);
  const successor = newRefreshToken();
  const { refreshTokenMs, refreshRepeatMs } = scope.node.config.limits;
  const expiresAt = new Date(Date.now() + refreshTokenMs);
  const rotation = await transact(scope.node, async (transaction, record) => {
    const rotation = await rotate(
      transaction,
      refreshToken,
      { hash: successor.hash, expiresAt },
      refreshRepeatMs,
      scope.client?.userAgent ?? null,
    );
    if (rotation?.outcome === 'reused')
      record({ type: 'SessionEnded', data: { sessionId: rotation.sessionId } });
    if (rotation?.outcome === 'rotated') await noteAddress(scope, transaction, rotation);
    return rotation;
  });
  if (rotation?.outcome === 'reused')
    throw unauthenticated(
      'This refresh token was used before, so we ended its session. Sign in again.',
    );
  const user = rotation?.outcome === 'rotated' && (await livingUsers.load(scope, rotation.userId));
  if (!user)
    throw unauthenticated(
      'Your refresh token is unknown or has expired, or its session has ended. Sign in again.',
    );
  return {
    ...(await signAccessToken(scope.node, user, rotation.sessionId)),
    refreshToken: successor.token,
    user,
  };
}

/** Ends the viewer's session. Every node refuses its tokens from then on [P10]. */
export async function signOut(scope: Scope): Promise<void> {
  const { sessionId } = requireViewer(scope);
  if (sessionId === undefined)
    throw invalid('Your token comes from another issuer. Sign out there.');
  await spendToEnd(scope);
  await transact(scope.node, (transaction, record) =>
    endSessions(transaction, record, { id: sessionId }),
  );
}
