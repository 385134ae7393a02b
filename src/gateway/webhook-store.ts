import type { Database } from '../db/database.ts';
import type { Webhook } from '../db/generated/client.ts';
import type { Position } from '../events/event.ts';
import type { Topic } from '../events/topics.ts';

export type { Webhook };

/** An event that waits because its conversation fails. */
export interface Parked {
  readonly seq: number;
  readonly conversationId: string;
  readonly failingSince: Date | null;
}

/** How far a delivery has come. */
export interface Progress {
  readonly position: number;
  readonly status: 'ACTIVE' | 'FAILING' | 'DISABLED';
  readonly lastDeliveredAt: Date | null;
  readonly lastError: string | null;
  readonly failingSince: Date | null;
}

/** The rows of webhooks, for their delivery. */
export function createWebhookStore({ prisma }: Pick<Database, 'prisma'>) {
  return {
    list: (): Promise<Webhook[]> => prisma.webhook.findMany({ orderBy: { id: 'asc' } }),
    /** The position before the oldest event that a topic still has. */
    async beforeOldest(topic: Topic): Promise<Position> {
      const event = await prisma.event.findFirst({ where: { topic }, orderBy: { seq: 'asc' } });
      if (event) return { seq: Number(event.seq) - 1, tag: event.follows };
      const { head, tag } = await prisma.topic.findUniqueOrThrow({ where: { id: topic } });
      return { seq: Number(head), tag };
    },
    async parked(webhookId: string): Promise<Parked[]> {
      const rows = await prisma.parkedEvent.findMany({
        where: { webhookId },
        orderBy: { seq: 'asc' },
      });
      return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
    },
    async park(webhookId: string, events: readonly Parked[]): Promise<void> {
      if (events.length === 0) return;
      const data = events.map(({ seq, conversationId, failingSince }) => ({
        webhookId,
        seq,
        conversationId,
        failingSince,
      }));
      await prisma.parkedEvent.createMany({ data, skipDuplicates: true });
    },
    async unpark(webhookId: string, seq: number): Promise<void> {
      await prisma.parkedEvent.deleteMany({ where: { webhookId, seq } });
    },
    async noteFailing(webhookId: string, seq: number, failingSince: Date): Promise<void> {
      await prisma.parkedEvent.updateMany({ where: { webhookId, seq }, data: { failingSince } });
    },
    /** Returns false, without effect, if the webhook was changed or deleted meanwhile. */
    async save({ id, version }: Webhook, progress: Progress): Promise<boolean> {
      const { count } = await prisma.webhook.updateMany({
        where: { id, version },
        data: progress,
      });
      return count > 0;
    },
  };
}

export type WebhookStore = ReturnType<typeof createWebhookStore>;
