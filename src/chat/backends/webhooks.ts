import { z } from 'zod';
import type { Webhook } from '../../db/generated/client.ts';
import { conflict, invalid, notFound } from '../../errors.ts';
import { applicationTopic } from '../../events/topics.ts';
import { checkOutsideUrl } from '../../gateway/outside-url.ts';
import { newWebhookSecret } from '../../gateway/webhook-signature.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { isId } from '../../ids.ts';
import { createLoader } from '../../loaders.ts';
import type { Scope } from '../../scope.ts';
import { isAdmin, requireAdmin } from '../people/admin-role.ts';
import { spend } from '../policy/allowances.ts';
import { startServiceCall } from '../policy/service-calls.ts';
import { checkEventTypes } from './app-events.ts';

export type { Webhook };

/** Throws unless the viewer is an admin, or a service with the scope `webhooks`. */
async function startCall(scope: Scope, action: string, targets: readonly string[]): Promise<void> {
  if (scope.service) await startServiceCall(scope, 'webhooks', { action, targets });
  else await requireAdmin(scope);
  await spend(scope, 'webhooks');
}

/** Creates a webhook that receives everything that is stored from now on. */
export async function createWebhook(
  scope: Scope,
  { url, types }: { url: string; types?: readonly string[] | null | undefined },
): Promise<Webhook> {
  await startCall(scope, 'createWebhook', [url]);
  const { database, config, sequencer } = scope.node;
  const checked = { url: checkUrl(scope, url), types: checkTypes(types) };
  await sequencer.catchUp();
  return database.prisma.$transaction(async (transaction) => {
    // Locks the topic, so that the number of webhooks is exact.
    const [topic] = await transaction.$queryRaw<{ head: number }[]>`
      select head from topics where id = ${applicationTopic} for update`;
    const { webhooksMax } = config.limits;
    if ((await transaction.webhook.count()) >= webhooksMax)
      throw conflict(`There are ${webhooksMax} webhooks already. Delete one first.`);
    return transaction.webhook.create({
      data: { ...checked, secret: newWebhookSecret(), position: topic!.head },
    });
  });
}

export interface WebhookChanges {
  readonly webhookId: string;
  readonly url?: string | null | undefined;
  readonly types?: readonly string[] | null | undefined;
  readonly paused?: boolean | null | undefined;
}

/** Changes the given values. One that was paused or disabled goes on where it stopped. */
export async function updateWebhook(
  scope: Scope,
  { webhookId, url, types, paused }: WebhookChanges,
): Promise<Webhook> {
  await startCall(scope, 'updateWebhook', [webhookId]);
  return change(scope, webhookId, {
    ...(url != null && { url: checkUrl(scope, url) }),
    ...(types != null && { types: checkTypes(types) }),
    ...(paused === true && { status: 'PAUSED' }),
    ...(paused === false && { status: 'ACTIVE', failingSince: null, lastError: null }),
  });
}

export async function deleteWebhook(
  scope: Scope,
  { webhookId }: { webhookId: string },
): Promise<void> {
  await startCall(scope, 'deleteWebhook', [webhookId]);
  if (!isId(webhookId)) throw noSuchWebhook();
  const { count } = await scope.node.database.prisma.webhook.deleteMany({
    where: { id: webhookId },
  });
  if (count === 0) throw noSuchWebhook();
}

/** Gives a webhook a new secret. Requests are signed with both for a while. */
export async function rotateWebhookSecret(
  scope: Scope,
  { webhookId }: { webhookId: string },
): Promise<Webhook> {
  await startCall(scope, 'rotateWebhookSecret', [webhookId]);
  const { secret } = await find(scope, webhookId);
  const { webhookSecretMs } = scope.node.config.limits;
  return change(scope, webhookId, {
    secret: newWebhookSecret(),
    formerSecret: secret,
    formerSecretUntil: new Date(Date.now() + webhookSecretMs),
  });
}

/** Delivers everything after this cursor of `appEvents` again. */
export async function replayWebhook(
  scope: Scope,
  { webhookId, after }: { webhookId: string; after: string },
): Promise<Webhook> {
  await startCall(scope, 'replayWebhook', [webhookId, after]);
  const { database, cursors } = scope.node;
  await find(scope, webhookId);
  const position = cursors.decode(after, applicationTopic);
  const [known] = position
    ? await database.prisma.$queryRaw<{ isKnown: boolean }[]>`
        select exists (select from events where topic = ${applicationTopic}
            and (seq = ${position.seq} and tag = ${position.tag} or seq = ${position.seq} + 1 and follows = ${position.tag}))
          or exists (select from topics where id = ${applicationTopic} and head = ${position.seq} and tag = ${position.tag}) as "isKnown"`
    : [];
  if (!position || !known?.isKnown)
    throw invalid(
      'This is not a cursor of `appEvents` whose events are still kept. Pass the cursor of a delivered event.',
      'after',
    );
  await database.prisma.parkedEvent.deleteMany({ where: { webhookId } });
  return change(scope, webhookId, { position: position.seq });
}

/** All webhooks, the newest first. */
export async function listWebhooks(scope: Scope, page: PageArguments) {
  await startCall(scope, 'webhooks', []);
  return readPage(scope, page, {
    keys: z.guid(),
    keyOf: ({ id }: Webhook) => id,
    read: ({ after, before, limit, inverted }) =>
      scope.node.database.prisma.webhook.findMany({
        where: { id: { lt: after, gt: before } },
        orderBy: { id: inverted ? 'asc' : 'desc' },
        take: limit,
      }),
  });
}

/** The webhook with this id, or null. */
export async function webhookById(scope: Scope, id: string): Promise<Webhook | null> {
  await startCall(scope, 'webhook', [id]);
  return isId(id) ? scope.node.database.prisma.webhook.findUnique({ where: { id } }) : null;
}

/** The same for `node`, which others than admins ask, too. */
export async function findWebhook(scope: Scope, id: string): Promise<Webhook | null> {
  if (!(await isAdmin(scope))) return null;
  return scope.node.database.prisma.webhook.findUnique({ where: { id } });
}

/** The number of events that wait, of any type. */
export const backlogOf = createLoader<string, number>(async ({ node }, ids) => {
  const rows = await node.database.prisma.$queryRaw<{ id: string; backlog: number }[]>`
    select id, (head - position + (select count(*) from parked_events where webhook_id = webhooks.id))::int as backlog
    from webhooks join lateral (select head from topics where id = ${applicationTopic}) as topic on true
    where webhooks.id = any(${ids}::uuid[])`;
  const backlogs = new Map(rows.map(({ id, backlog }) => [id, backlog]));
  return ids.map((id) => backlogs.get(id) ?? 0);
});

async function find(scope: Scope, webhookId: string): Promise<Webhook> {
  const { webhook } = scope.node.database.prisma;
  const found = isId(webhookId) ? await webhook.findUnique({ where: { id: webhookId } }) : null;
  if (!found) throw noSuchWebhook();
  return found;
}

/** A new version makes the delivery start again with what is stored. */
async function change(
  scope: Scope,
  webhookId: string,
  changes: Partial<Omit<Webhook, 'position'>> & { position?: number },
): Promise<Webhook> {
  const { id } = await find(scope, webhookId);
  return scope.node.database.prisma.webhook.update({
    where: { id },
    data: { ...changes, version: { increment: 1 } },
  });
}

function checkTypes(types: readonly string[] | null | undefined): string[] {
  checkEventTypes(types ?? []);
  return [...new Set(types ?? [])];
}

const checkUrl = ({ node }: Scope, text: string): string =>
  checkOutsideUrl(text, 'url', {
    allowsPrivate: node.config.WEBHOOKS_ALLOW_PRIVATE === 'on',
    setting: 'WEBHOOKS_ALLOW_PRIVATE',
  }).href;

const noSuchWebhook = () => notFound('There is no such webhook. `webhooks` lists them.');
