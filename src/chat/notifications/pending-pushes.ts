import type { Transaction } from '../../db/database.ts';
import type { Limits } from '../../limits.ts';

/**
 * Stores that notifications may have to be pushed: to the browsers of their users, and to the
 * application as long as it follows events. It is decided when they are due, because the user may
 * have read them by then.
 */
export async function queuePushes(
  transaction: Transaction,
  { pushDelayMs, pendingPushesPerSubscription }: Limits,
  notificationIds: readonly string[],
  userIds: readonly string[],
): Promise<void> {
  await transaction.$executeRaw`
    insert into pending_pushes (id, notification_id, subscription_id, service, due_at)
    select gen_random_uuid(), notification_id, target.id, service, now() + ${pushDelayMs}::int * interval '1 ms'
    from unnest(${notificationIds}::uuid[], ${userIds}::uuid[]) as given (notification_id, user_id)
      cross join lateral (
        select id, service from push_subscriptions where push_subscriptions.user_id = given.user_id
          and (select count(*) from (select from pending_pushes where subscription_id = push_subscriptions.id limit ${pendingPushesPerSubscription}) as waiting) < ${pendingPushesPerSubscription}
        union all
        select null, '' from leases where name = 'sequencer' and expires_at > now() - interval '10 seconds') as target`;
}
