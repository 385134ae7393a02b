import { createPublicKey } from 'node:crypto';
import type { Transaction } from '../../db/database.ts';
import { conflict, invalid } from '../../errors.ts';
import { checkOutsideUrl } from '../../gateway/outside-url.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { requireNotifications } from '../notifications/notifications.ts';
import { spend } from '../policy/allowances.ts';
import { languageOf } from './push-texts.ts';

export interface SubscriptionRequest {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly language?: string | null | undefined;
}

/**
 * Registers a browser for pushes, until the viewer's session ends. Registering it again changes its
 * language, or moves it to the viewer. A further subscription replaces the viewer's oldest one.
 */
export async function registerPushSubscription(
  scope: Scope,
  { endpoint, p256dh, auth, language }: SubscriptionRequest,
): Promise<void> {
  await requireNotifications(scope);
  const { id: userId, sessionId = null } = requireViewer(scope);
  await spend(scope, 'register-push');
  const { config, database } = scope.node;
  const url = checkOutsideUrl(endpoint, 'endpoint', {
    allowsPrivate: config.PUSH_ALLOW_PRIVATE === 'on',
    setting: 'PUSH_ALLOW_PRIVATE',
  });
  checkKeys(p256dh, auth);
  await database.prisma.$transaction(async (transaction) => {
    await transaction.$executeRaw`select pg_advisory_xact_lock(hashtextextended('pushes to ' || ${userId}, 0))`;
    // Only the browser itself knows its keys.
    const stored = await transaction.$queryRaw<{ id: string }[]>`
      insert into push_subscriptions (id, user_id, session_id, endpoint, service, p256dh, auth, language)
      values (gen_random_uuid(), ${userId}::uuid, ${sessionId}::uuid, ${url.href}, ${url.origin}, ${p256dh}, ${auth}, ${languageOf(language)})
      on conflict (endpoint) do update set user_id = excluded.user_id, session_id = excluded.session_id, language = excluded.language, created_at = now()
        where push_subscriptions.p256dh = excluded.p256dh and push_subscriptions.auth = excluded.auth
      returning id`;
    if (stored.length === 0)
      throw conflict(
        'This endpoint is registered with other keys. Unsubscribe in the browser, then subscribe again.',
      );
    // The update locks the row against `prunePushServices`.
    await transaction.$executeRaw`
      insert into push_services (name) values (${url.origin}) on conflict (name) do update set name = excluded.name`;
    const superfluous = await transaction.pushSubscription.findMany({
      where: { userId },
      orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
      skip: config.limits.pushSubscriptionsPerUser,
      select: { id: true },
    });
    await transaction.pushSubscription.deleteMany({
      where: { id: { in: superfluous.map(({ id }) => id) } },
    });
  });
}

/** Removes one of the viewer's subscriptions. Does nothing if there is none with this endpoint. */
export async function removePushSubscription(
  scope: Scope,
  { endpoint }: { endpoint: string },
): Promise<void> {
  const { id: userId } = requireViewer(scope);
  await spend(scope, 'register-push');
  // Only addresses are stored. Other texts may contain what the database cannot compare.
  if (!URL.canParse(endpoint)) return;
  await scope.node.database.prisma.pushSubscription.deleteMany({
    where: { userId, endpoint: new URL(endpoint).href },
  });
}

/** The keys are those of `PushSubscription.getKey()`, in base64url. */
function checkKeys(p256dh: string, auth: string): void {
  const point = Buffer.from(p256dh, 'base64url');
  if (!isBase64Url(p256dh) || point.length !== 65 || point[0] !== 4 || !isOnCurve(point))
    throw invalid('`p256dh` is not a public key of P-256 in base64url.', 'p256dh');
  if (!isBase64Url(auth) || Buffer.from(auth, 'base64url').length !== 16)
    throw invalid('`auth` is not a secret of 16 bytes in base64url.', 'auth');
}

const isBase64Url = (text: string): boolean => /^[\w-]{1,100}$/.test(text);

function isOnCurve(point: Buffer): boolean {
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) =>
    part.toString('base64url'),
  );
  try {
    createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } });
    return true;
  } catch {
    return false;
  }
}

/**
 * Deletes push services that no subscription uses. Returns their number. One with pending pushes
 * stays until they are dropped: without their service nobody would find them.
 */
export async function prunePushServices(transaction: Transaction): Promise<number> {
  const unused = await transaction.$queryRaw<{ name: string }[]>`
    select name from push_services
    where name <> '' and not exists (select from push_subscriptions where service = name)
      and not exists (select from pending_pushes where service = name)
    limit 100 for update skip locked`;
  if (unused.length === 0) return 0;
  // A subscription may have come until the lock was taken.
  return transaction.$executeRaw`
    delete from push_services where name = any(${unused.map(({ name }) => name)}::text[])
      and not exists (select from push_subscriptions where service = name)
      and not exists (select from pending_pushes where service = name)`;
}
