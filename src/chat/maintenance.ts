import { setTimeout as delay } from 'node:timers/promises';
import type { Transaction } from '../db/database.ts';
import { transact, type RecordEvent } from '../events/transactions.ts';
import { trimLog } from '../events/trim-log.ts';
import { jittered } from '../jitter.ts';
import type { Node } from '../scope.ts';
import { pruneAuditLog } from './backends/audit-log.ts';
import { correctMemberCounts } from './conversations/member-counts.ts';
import { deleteUsers, endSomeMembership, removeGuests } from './departures/departures.ts';
import { createEraser } from './departures/erasure.ts';
import { pruneInviteLinks } from './invitations/invite-links.ts';
import { eraseNextOfRoom } from './departures/room-remains.ts';
import { indexWords } from './messages/index-words.ts';
import { expireMessages, firstConversation } from './messages/retention.ts';
import { deleteNotifications, pruneNotifications } from './notifications/notifications.ts';
import { prunePushServices } from './push/push-subscriptions.ts';
import { pruneSessions } from './people/stale-sessions.ts';

/** Does one batch of a task in a short transaction. Returns whether there may be more to do. */
type Batch = (transaction: Transaction, record: RecordEvent) => Promise<boolean>;

/** The pause between two batches, so that requests get the database first. */
const pauseMs = 10;

/**
 * Regularly deletes expired data, and indexes messages that the search does not find yet. The
 * returned function stops it and waits for the current batch. Only one node runs a batch at a time.
 */
export function startMaintenance(node: Node): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const tasks = tasksOf(node);
  const pause = (ms: number) => delay(ms, undefined, { signal, ref: false }).catch(() => {});

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await pause(jittered(node.config.limits.maintenanceMs));
      for (const [name, batch] of Object.entries(tasks)) await runTask(name, batch);
    }
  }

  async function runTask(task: string, batch: Batch): Promise<void> {
    try {
      while (!signal.aborted && (await runExclusively(node, batch))) {
        node.metrics.maintenanceBatches.inc({ task, outcome: 'done' });
        await pause(pauseMs);
      }
      node.metrics.maintenanceFinished.setToCurrentTime({ task });
    } catch (error) {
      node.metrics.maintenanceBatches.inc({ task, outcome: 'failed' });
      node.log.warn(
        { task, error: error instanceof Error ? error.message : String(error) },
        'a maintenance task failed; it will be retried at the next run',
      );
    }
  }

  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
}

function tasksOf(node: Node): { readonly [name: string]: Batch } {
  const { config } = node;
  const { limits, AUDIT_RETENTION_DAYS, EVENT_RETENTION_DAYS, NOTIFICATION_RETENTION_DAYS } =
    config;
  const eraseNext = createEraser(node);
  let countedUpTo = firstConversation;
  let expiredAfter = firstConversation;
  return {
    'delete guests': async (transaction) => (await removeGuests(transaction, config)) > 0,
    'end memberships': (transaction, record) => endSomeMembership(node, transaction, record),
    'delete messages of removed accounts': eraseNext,
    'delete expired messages': async (transaction, record) => {
      const next = await expireMessages(transaction, record, node, expiredAfter);
      expiredAfter = next ?? firstConversation;
      return next !== undefined;
    },
    'index messages for the search': async (transaction) => (await indexWords(transaction)) > 0,
    'delete rooms': (transaction, record) => eraseNextOfRoom(transaction, record),
    'delete users': async (transaction) =>
      (await deleteUsers(transaction, EVENT_RETENTION_DAYS)) > 0,
    'delete notifications of removed accounts': async (transaction) =>
      (await deleteNotifications(transaction)) > 0,
    'delete expired notifications': async (transaction) =>
      (await pruneNotifications(transaction, NOTIFICATION_RETENTION_DAYS)) > 0,
    'delete ended invite links': async (transaction) => (await pruneInviteLinks(transaction)) > 0,
    'delete unused push services': async (transaction) =>
      (await prunePushServices(transaction)) > 0,
    'delete expired sessions': async (transaction) => (await pruneSessions(transaction)) > 0,
    'delete expired audit entries': async (transaction) =>
      (await pruneAuditLog(transaction, AUDIT_RETENTION_DAYS)) > 0,
    'trim the event log': async (transaction) => {
      const retention = { days: EVENT_RETENTION_DAYS, events: limits.eventsKeptPerTopic };
      return (await trimLog(transaction, retention)).topics > 0;
    },
    'correct member counts': async (transaction) => {
      countedUpTo = await correctMemberCounts(transaction, countedUpTo);
      return false;
    },
  };
}

/** False, without doing anything, while another node runs a batch. */
const runExclusively = (node: Node, batch: Batch): Promise<boolean> =>
  transact(node, async (transaction, record) => {
    const [lock] = await transaction.$queryRaw<{ isLocked: boolean }[]>`
      select pg_try_advisory_xact_lock(hashtextextended('causerie maintenance', 0)) as "isLocked"`;
    return lock!.isLocked && batch(transaction, record);
  });
