import { v7 as newId } from 'uuid';
import type { Transaction } from '../../db/database.ts';
import type { Prisma } from '../../db/generated/client.ts';
import type { Event, Publish } from '../../events/event.ts';
import { transact, type RecordEvent } from '../../events/transactions.ts';
import type { Limits } from '../../limits.ts';
import type { Node } from '../../scope.ts';
import type { NotificationRow } from './notifications.ts';
import { queuePushes } from './pending-pushes.ts';

/** The content of a notification, shared by all its recipients. */
export interface Content {
  readonly id: string;
  readonly type: string;
  readonly title: string | null;
  readonly message: string | null;
  readonly data: Record<string, unknown>;
}

/**
 * The message of a notification. Reading the conversation up to it marks the notification as read.
 */
export interface About {
  readonly conversationId: string;
  readonly messageSeq: number;
}

/**
 * Creates a notification for each user; the users receive it after the commit. The content must be
 * stored before.
 */
export type Notify = (content: Content, userIds: readonly string[], about?: About) => void;

interface Written {
  readonly row: NotificationRow;
  readonly contentId: string;
  readonly about: About | undefined;
}

/**
 * Runs a transaction that can notify. Each notification stores the number of its event, so that
 * pages list notifications in the order of their events.
 */
export async function transactNotifying<Result>(
  node: Pick<Node, 'config' | 'database'> & { readonly publish: Publish },
  work: (transaction: Transaction, record: RecordEvent, notify: Notify) => Promise<Result>,
): Promise<Result> {
  const written = new Map<string, Written>();
  return transact(
    node,
    (transaction, record) =>
      work(transaction, record, (content, userIds, about) => {
        for (const userId of userIds) {
          const { id: contentId, type, title, message, data } = content;
          const row: NotificationRow = {
            id: newId(),
            userId,
            createdAt: new Date(),
            readAt: null,
            content: { type, title, message, data: data as Prisma.JsonObject },
          };
          written.set(row.id, { row, contentId, about });
          record(
            { type: 'NotificationReceived', data: { userId, notificationId: row.id } },
            { notification: { [row.id]: row } },
          );
        }
      }),
    (transaction, events) => store(transaction, node.config.limits, events, written),
  );
}

async function store(
  transaction: Transaction,
  limits: Limits,
  events: readonly Event[],
  written: ReadonlyMap<string, Written>,
): Promise<void> {
  if (written.size === 0) return;
  const rows = events.flatMap((event) =>
    event.type === 'NotificationReceived'
      ? [{ seq: event.seq, ...written.get(event.data.notificationId)! }]
      : [],
  );
  const ids = rows.map(({ row }) => row.id);
  const userIds = rows.map(({ row }) => row.userId);
  const contentIds = rows.map(({ contentId }) => contentId);
  const eventSeqs = rows.map(({ seq }) => seq);
  const times = rows.map(({ row }) => row.createdAt.toISOString());
  const conversationIds = rows.map(({ about }) => about?.conversationId ?? null);
  const messageSeqs = rows.map(({ about }) => about?.messageSeq ?? null);
  await transaction.$executeRaw`
    insert into notifications (id, user_id, content_id, event_seq, created_at, conversation_id, message_seq)
    select * from unnest(
      ${ids}::uuid[], ${userIds}::uuid[], ${contentIds}::uuid[], ${eventSeqs}::bigint[],
      ${times}::timestamptz[], ${conversationIds}::uuid[], ${messageSeqs}::int[])`;
  await queuePushes(transaction, limits, ids, userIds);
}

export const storeContents = (transaction: Transaction, contents: readonly Content[]) =>
  transaction.notificationContent.createMany({
    data: contents.map(({ data, ...content }) => ({
      ...content,
      data: data as Prisma.InputJsonObject,
    })),
  });
