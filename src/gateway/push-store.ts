import type { Database } from '../db/database.ts';
import type { PushSubscription } from '../db/generated/client.ts';
import type { Limits } from '../limits.ts';
import type { FreeSlots } from './push-slots.ts';

/** A push that this node sends now. */
export interface ClaimedPush {
  readonly id: string;
  readonly notificationId: string;
  readonly service: string;
  readonly createdAt: Date;
  /** With this one. */
  readonly attempts: number;
  /** Null for the event `push.wanted`. Undefined if it no longer exists. */
  readonly subscription: PushSubscription | null | undefined;
}

type Claimed = Omit<ClaimedPush, 'subscription'> & { readonly subscriptionId: string | null };

/** The rows of pushes, for their delivery. */
export function createPushStore(
  { prisma }: Pick<Database, 'prisma'>,
  { pushClaimMs, pushRequestsPerService, pushRequestsPerUser }: Limits,
) {
  const at = (ms: number) => new Date(Date.now() + ms);
  return {
    /** The event `push.wanted` has a queue like a push service. */
    async prepare(): Promise<void> {
      await prisma.pushService.createMany({ data: { name: '' }, skipDuplicates: true });
    },
    /**
     * Takes pushes that are due, in any order of the services: a few of each service that is
     * neither paused nor busy, and of each user who is not busy [P13]. If this node dies, another
     * one takes them after `pushClaimMs`.
     */
    async claim(
      { quickServices, busyServices, busyUsers, ...free }: FreeSlots,
      of: 'quick' | 'others',
    ): Promise<ClaimedPush[]> {
      if (free[of] === 0) return [];
      const claimed = await prisma.$queryRaw<Claimed[]>`
        with due as materialized (
          select pending.id, pending.user_id, pending.due_at
          from (
            select name from push_services
            where (retry_at is null or retry_at <= now()) and name <> all(${busyServices}::text[])
              and (name = any(${quickServices}::text[])) = ${of === 'quick'}
            order by random()) as ready
          cross join lateral (
            select pending_pushes.id, user_id, due_at from pending_pushes
              left join push_subscriptions on push_subscriptions.id = subscription_id
            where pending_pushes.service = ready.name and due_at <= now()
              and (user_id is null or user_id <> all(${busyUsers}::uuid[]))
            order by due_at limit ${pushRequestsPerService} for update of pending_pushes skip locked) as pending
          limit ${free[of]}),
        ranked as (select *, row_number() over (partition by user_id order by due_at) as place from due)
        update pending_pushes set due_at = now() + ${pushClaimMs}::int * interval '1 ms', attempts = attempts + 1
        from ranked where pending_pushes.id = ranked.id and (user_id is null or place <= ${pushRequestsPerUser})
        returning pending_pushes.id, notification_id as "notificationId", subscription_id as "subscriptionId", service, created_at as "createdAt", attempts`;
      const ids = claimed.flatMap(({ subscriptionId }) => subscriptionId ?? []);
      const found =
        ids.length > 0
          ? await prisma.pushSubscription.findMany({
              where: { id: { in: ids }, OR: [{ sessionId: null }, { session: { endedAt: null } }] },
            })
          : [];
      const subscriptions = new Map(found.map((subscription) => [subscription.id, subscription]));
      return claimed.map(({ subscriptionId, ...push }) => ({
        ...push,
        subscription: subscriptionId === null ? null : subscriptions.get(subscriptionId),
      }));
    },
    async remove({ id }: ClaimedPush): Promise<void> {
      await prisma.pendingPush.deleteMany({ where: { id } });
    },
    async postpone({ id, attempts }: ClaimedPush, ms: number): Promise<void> {
      await prisma.pendingPush.updateMany({ where: { id }, data: { dueAt: at(ms), attempts } });
    },
    async removeSubscription(id: string): Promise<void> {
      await prisma.pushSubscription.deleteMany({ where: { id } });
      await prisma.pendingPush.deleteMany({ where: { subscriptionId: id } });
    },
    /** Sends nothing to a browser for a while. */
    async holdSubscription(id: string, ms: number): Promise<void> {
      await prisma.$executeRaw`
        update push_subscriptions set retry_at = greatest(retry_at, ${at(ms)}) where id = ${id}::uuid`;
    },
    /**
     * Sends nothing to a push service for a while. Failures of requests that were on their way
     * count once.
     */
    async holdService(name: string, pauseAfter: (failures: number) => number): Promise<void> {
      const service = await prisma.pushService.findUnique({ where: { name } });
      if (!service) return;
      const { failures, retryAt } = service;
      await prisma.pushService.updateMany({
        where: { name, retryAt },
        data:
          retryAt && retryAt > new Date()
            ? { retryAt: new Date(Math.max(retryAt.getTime(), Date.now() + pauseAfter(failures))) }
            : { failures: failures + 1, retryAt: at(pauseAfter(failures + 1)) },
      });
    },
    /** A push service works, unless it asked for a pause meanwhile. */
    async resumeService(name: string): Promise<void> {
      await prisma.pushService.updateMany({
        where: { name, failures: { gt: 0 }, retryAt: { lte: new Date() } },
        data: { failures: 0, retryAt: null },
      });
    },
  };
}
