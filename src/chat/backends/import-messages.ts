import { v7 as newId } from 'uuid';
import type { Transaction } from '../../db/database.ts';
import { conflict, invalid, notFound, Refusal } from '../../errors.ts';
import type { Event } from '../../events/event.ts';
import { transact } from '../../events/transactions.ts';
import { isId } from '../../ids.ts';
import type { Scope } from '../../scope.ts';
import { noSuchConversation } from '../conversations/access.ts';
import { conversationById, type Conversation } from '../conversations/conversations.ts';
import { resolveConversationId } from '../conversations/external-ids.ts';
import { destinationOf } from '../conversations/kinds.ts';
import { prepareBody } from '../messages/body.ts';
import { storeImported, storeRange, type ImportedRow } from '../messages/import-statement.ts';
import { findMentions } from '../messages/mentions.ts';
import { tsvectorOf } from '../messages/search-query.ts';
import { resolveUserIds } from '../people/external-ids.ts';
import { checkJson, type JsonObject } from '../policy/json.ts';
import { startServiceCall } from '../policy/service-calls.ts';
import { checkItems, isTaken } from './upserts.ts';

/** A message of the application's history. */
export interface MessageImport {
  readonly externalId: string;
  readonly authorId: string;
  readonly body: string;
  readonly createdAt: Date;
  /** A message of the same conversation, stored or in the same call. */
  readonly replyToExternalId?: string | null;
  readonly metadata?: JsonObject | null;
}

export interface Imported {
  readonly importedCount: number;
  /** The number of messages that were there already. */
  readonly skippedCount: number;
}

/** How far the clock of the application may be ahead. */
const clockSkewMs = 5 * 60_000;

/**
 * Adds messages of the application's history at the end of a conversation, in the order given: all
 * that are not there yet, or none. It notifies nobody, and nothing counts as unread. CONFLICT for
 * the id of a message of another conversation, NOT_FOUND for an unknown author or reply. For
 * services.
 */
export async function importMessages(
  scope: Scope,
  request: { conversationId: string; messages: readonly MessageImport[] },
): Promise<Imported> {
  const targets = [request.conversationId];
  const service = await startServiceCall(scope, 'messages', { action: 'importMessages', targets });
  const checked = checkItems(request.messages, 'messages', (item) => checkMessage(scope, item));
  const id = await resolveConversationId(scope, request.conversationId);
  const conversation = isId(id) ? await conversationById.load(scope, id) : null;
  if (!conversation || conversation.deletedAt) throw noSuchConversation();
  const authorIds = await authorsOf(scope, checked);
  const wanted = checked.map((message, index) => ({
    ...message,
    id: newId(),
    authorId: authorIds[index]!,
    sentBy: service.name,
  }));
  const store = () => storeNew(scope, conversation, wanted);
  // Another call has just stored one of the messages: now it is found.
  const importedCount = await store().catch((error: unknown) => {
    if (isTaken(error)) return store();
    throw error;
  });
  conversationById.clear(scope, id);
  return { importedCount, skippedCount: wanted.length - importedCount };
}

type Checked = ReturnType<typeof checkMessage>;
type Wanted = Checked & Pick<ImportedRow, 'id' | 'authorId' | 'sentBy'>;

function checkMessage(
  scope: Scope,
  { externalId, authorId, body, createdAt, replyToExternalId, metadata }: MessageImport,
) {
  const text = prepareBody(scope, body, { mayBeEmpty: false });
  if (createdAt.getTime() > Date.now() + clockSkewMs || createdAt.getTime() < 0)
    throw invalid('`createdAt` must be between 1970 and now.', 'createdAt');
  return {
    externalId,
    authorRef: authorId,
    body: text,
    words: tsvectorOf(text),
    mentions: findMentions(text),
    createdAt,
    replyTo: replyToExternalId ?? undefined,
    metadata: checkJson(metadata ?? {}, 'metadata'),
    attachmentIds: [],
  };
}

/** The ids of the authors, in the order of the messages. */
async function authorsOf(scope: Scope, messages: readonly Checked[]): Promise<string[]> {
  const references = [...new Set(messages.map(({ authorRef }) => authorRef))];
  const resolved = await resolveUserIds(scope, references);
  const userIds = resolved.map((id) => (isId(id) ? id.toLowerCase() : undefined));
  const found = await scope.node.database.query<{ id: string }>(livingAmong, [
    userIds.filter((id) => id !== undefined),
  ]);
  const living = new Set(found.map(({ id }) => id));
  const ids = new Map(references.map((reference, index) => [reference, userIds[index]]));
  return messages.map(({ authorRef }, index) => {
    const id = ids.get(authorRef);
    if (id === undefined || !living.has(id))
      throw refused(index, notFound('there is no such user. Check `authorId`.'));
    return id;
  });
}

/** The rows of a thousand authors would cost as much as the rest of the call. */
const livingAmong = {
  name: 'living among',
  text: 'select id from users where id = any($1::uuid[]) and deleted_at is null',
};

/** Returns the number of messages that were not there. */
async function storeNew(
  scope: Scope,
  conversation: Conversation,
  wanted: readonly Wanted[],
): Promise<number> {
  let range = { fromSeq: 0, toSeq: 0 };
  let rows: Omit<ImportedRow, 'eventSeq'>[] = [];
  const numbered = async (transaction: Transaction, events: readonly Event[]) => {
    const [event] = events;
    if (!event) return;
    await storeImported(
      transaction,
      rows.map((row) => ({ ...row, eventSeq: BigInt(event.seq) })),
    );
    await storeRange(transaction, conversation.id, range);
    await listOnce(transaction, conversation.id, events.slice(1));
  };
  await transact(
    scope.node,
    async (transaction, record) => {
      await transaction.$executeRaw`
        select from conversations where id = ${conversation.id}::uuid for no key update`;
      const known = await knownMessages(transaction, conversation.id, wanted);
      const missing = wanted.filter(({ externalId }) => !known.has(externalId));
      if (missing.length === 0) return;
      const { lastSeq: toSeq } = await transaction.conversation.update({
        where: { id: conversation.id },
        data: { lastSeq: { increment: missing.length } },
        select: { lastSeq: true },
      });
      range = { fromSeq: toSeq - missing.length + 1, toSeq };
      rows = await rowsOf(transaction, conversation.id, missing, known, range.fromSeq);
      const data = { ...destinationOf(scope.node, conversation), ...range };
      record({ type: 'MessagesImported', data });
    },
    numbered,
  );
  return rows.length;
}

/**
 * The ids of the stored messages with the external ids of these, and of the messages to which they
 * reply, by external id.
 */
async function knownMessages(
  transaction: Transaction,
  conversationId: string,
  wanted: readonly Wanted[],
): Promise<Map<string, string>> {
  const externalIds = wanted.flatMap(({ externalId, replyTo }) =>
    replyTo === undefined ? [externalId] : [externalId, replyTo],
  );
  const found = await transaction.$queryRaw<
    { externalId: string; id: string; isHere: boolean }[]
  >`select external_id as "externalId", found.id, conversation_id = ${conversationId}::uuid as "isHere"
    from unnest(${[...new Set(externalIds)]}::text[]) as wanted (external_id) cross join lateral (
      select id, conversation_id from messages where messages.external_id = wanted.external_id limit 1) as found`;
  const elsewhere = new Set(found.filter(({ isHere }) => !isHere).map((row) => row.externalId));
  const index = wanted.findIndex(({ externalId }) => elsewhere.has(externalId));
  if (index >= 0)
    throw refused(index, conflict('a message of another conversation has this externalId.'));
  return new Map(found.filter(({ isHere }) => isHere).map((row) => [row.externalId, row.id]));
}

async function rowsOf(
  transaction: Transaction,
  conversationId: string,
  missing: readonly Wanted[],
  known: ReadonlyMap<string, string>,
  fromSeq: number,
): Promise<Omit<ImportedRow, 'eventSeq'>[]> {
  const ids = new Map([
    ...known,
    ...missing.map(({ externalId, id }) => [externalId, id] as const),
  ]);
  const userIds = await mentionedUsers(transaction, missing);
  const importedAt = new Date();
  return missing.map(({ authorRef: _, mentions, replyTo, ...message }, index) => {
    const replyToId = replyTo === undefined ? null : ids.get(replyTo);
    if (replyToId === undefined)
      throw refused(
        index,
        notFound(
          `there is no message with the externalId ${replyTo} in this conversation to reply to. Import it first.`,
        ),
      );
    const mentioned = mentions.flatMap((names) => {
      const name = names.find((one) => userIds.has(one));
      return name === undefined ? [] : userIds.get(name)!;
    });
    return {
      ...message,
      conversationId,
      seq: fromSeq + index,
      replyToId,
      mentionedUserIds: [...new Set(mentioned)],
      idempotencyKey: message.id,
      hiddenFromId: null,
      kind: 'TEXT',
      importedAt,
    };
  });
}

async function mentionedUsers(
  transaction: Transaction,
  messages: readonly Wanted[],
): Promise<Map<string, string>> {
  const names = [...new Set(messages.flatMap(({ mentions }) => mentions.flat()))];
  if (names.length === 0) return new Map();
  const found = await transaction.user.findMany({
    where: { username: { in: names } },
    select: { id: true, username: true },
  });
  return new Map(found.map(({ id, username }) => [username, id]));
}

/** Puts the conversation into lists that lack it. The others keep its position there. */
async function listOnce(
  transaction: Transaction,
  conversationId: string,
  events: readonly Event[],
): Promise<void> {
  await transaction.listedConversation.createMany({
    data: events.map(({ topic, seq }) => ({ topic, conversationId, eventSeq: BigInt(seq) })),
    skipDuplicates: true,
  });
}

/** The refusal with the place of the message in the call. */
const refused = (index: number, { code, message, extensions }: Refusal): Refusal =>
  new Refusal(code, `\`messages[${index}]\`: ${message}`, { ...extensions });
