import { setTimeout as delay } from 'node:timers/promises';
import type { Transaction } from '../db/database.ts';
import { transact, type RecordEvent } from '../events/transactions.ts';
import { trimLog } from '../events/trim-log.ts';
import type { Node } from '../scope.ts';
import { forgetUsers, leaveNext, removeGuests } from './departures/departures.ts';
import { createEraser } from './departures/erasure.ts';
import { expireMessages, firstConversation } from './messages/retention.ts';
import { deleteNotifications, pruneNotifications } from './notifications/notifications.ts';
import { pruneSessions } from './people/stale-sessions.ts';

/** Does a little, and says whether there may be more to do. */
type Bite = (transaction: Transaction, record: RecordEvent) => Promise<boolean>;

/** Between two bites, so that those who use the database come first. */
const pauseMs = 10;

/**
 * Clears away what has had its time, every now and then, until the function returned is called, which waits for the bite under way. Each
 * bite is a short transaction; never do two nodes take one at the same moment.
 */
export function startMaintenance(node: Node): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const tasks = tasksOf(node);
  const pause = (ms: number) => delay(ms, undefined, { signal, ref: false }).catch(() => {});

  async function run(): Promise<void> {
    while (!signal.aborted) {
      // Half of it by chance, so that nodes that start together do not come together.
      await pause(node.config.limits.maintenanceMs * (0.5 + Math.random()));
      for (const [name, bite] of Object.entries(tasks)) await finish(name, bite);
    }
  }

  async function finish(name: string, bite: Bite): Promise<void> {
    try {
      while (!signal.aborted && (await alone(node, bite))) await pause(pauseMs);
    } catch (error) {
      node.log.warn(
        { task: name, error: error instanceof Error ? error.message : String(error) },
        'maintenance did not finish; it goes on next time',
      );
    }
  }

  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
}

function tasksOf(node: Node): { readonly [name: string]: Bite } {
  const { config } = node;
  const { limits, EVENT_RETENTION_DAYS, NOTIFICATION_RETENTION_DAYS } = config;
  const eraseNext = createEraser(node);
  let after = '';
  let expiredAfter = firstConversation;
  return {
    'remove guests': async (transaction) => (await removeGuests(transaction, config)) > 0,
    'end memberships': (transaction, record) => leaveNext(node, transaction, record),
    'delete what those who went wrote': eraseNext,
    'delete messages that were kept long enough': async (transaction, record) => {
      const next = await expireMessages(transaction, record, node, expiredAfter);
      expiredAfter = next ?? firstConversation;
      return next !== undefined;
    },
    'forget users': async (transaction) =>
      (await forgetUsers(transaction, EVENT_RETENTION_DAYS)) > 0,
    'forget notifications': async (transaction) => (await deleteNotifications(transaction)) > 0,
    'prune notifications': async (transaction) =>
      (await pruneNotifications(transaction, NOTIFICATION_RETENTION_DAYS)) > 0,
    'prune sessions': async (transaction) => (await pruneSessions(transaction)) > 0,
    'trim the event log': async (transaction) => {
      const bite = await trimLog(transaction, after, {
        days: EVENT_RETENTION_DAYS,
        events: limits.eventsKeptPerTopic,
      });
      after = bite.after ?? '';
      return bite.after !== undefined;
    },
  };
}

/** Nothing is done, and there is nothing more to do, while another node is at it. */
const alone = (node: Node, bite: Bite): Promise<boolean> =>
  transact(node, async (transaction, record) => {
    const [lock] = await transaction.$queryRaw<
      { held: boolean }[]
    >`select pg_try_advisory_xact_lock(hashtextextended('causerie maintenance', 0)) as held`;
    return lock!.held && bite(transaction, record);
  });
