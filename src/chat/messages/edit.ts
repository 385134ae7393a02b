import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '../../db/database.ts';
import { forbidden, invalid } from '../../errors.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { requireMember, requireWriter as requireWriterNow } from '../conversations/access.ts';
import { spend } from '../policy/allowances.ts';
import { checkJson, type JsonObject } from '../policy/json.ts';
import { prepareBody } from './body.ts';
import { changeMessage, deleted, requireWriter } from './change-message.ts';
import { fingerprintOf } from './fingerprint.ts';
import { gatedConversation } from './gated-conversation.ts';
import { hiddenFrom } from './hidden.ts';
import { findMentions } from './mentions.ts';
import { messageColumns } from './message-fields.ts';
import { gateFor, type GatedContent } from './message-gate.ts';
import { attachmentIdsOf, type MessageRow } from './message-row.ts';
import { tsvectorOf } from './search-query.ts';
import { startCallOnMessage } from './service-message.ts';
import { visibleMessage, type VisibleMessage } from './visible-message.ts';

export interface EditRequest {
  readonly messageId: string;
  readonly body?: string | null;
  readonly metadata?: JsonObject | null;
}

/**
 * Replaces the body of a message, with its mentions, or its metadata, or both. For its author, and
 * for services, which act for the author. Values that are the same change nothing. CONFLICT if the
 * message is deleted.
 */
export async function editMessage(scope: Scope, request: EditRequest): Promise<MessageRow> {
  const visible = scope.service
    ? await startCallOnMessage(scope, 'editMessage', request.messageId)
    : await editableMessage(scope, request);
  const requested = checkChanges(scope, visible, request);
  await spend(scope, 'edit');
  const changes = await passGate(scope, visible, requested);
  // An edit by a blocked user hides the whole message: its new text must not arrive.
  const hidden = await hiddenFrom(scope, visible.conversation.id);
  return changeMessage(scope, visible, async (change) => {
    requireWriter(scope, change);
    const { transaction, locked, record } = change;
    if (locked.deletedAt) throw deleted();
    const metadata = changes.metadata ?? (locked.metadata as JsonObject);
    const body = changes.body ?? locked.body!;
    if (isSame({ body, metadata }, locked)) return locked;
    const fingerprint =
      locked.fingerprint ?? fingerprintOf(scope.node.signingKey, locked.id, locked.body!);
    const [edited] = await transaction.$queryRawUnsafe<[MessageRow]>(
      `update messages set body = $2, mentioned_user_ids = $3::uuid[], fingerprint = $4, words = $5::text::tsvector, hidden_from_id = coalesce(hidden_from_id, $6::uuid), metadata = $7::jsonb,
         edited_at = case when body = $2 then edited_at else clock_timestamp() end,
         sent_by = case when body = $2 then sent_by else coalesce($8, sent_by) end
       where id = $1::uuid returning ${messageColumns}`,
      locked.id,
      body,
      body === locked.body ? locked.mentionedUserIds : await mentionedIn(transaction, body),
      fingerprint,
      tsvectorOf(body),
      hidden,
      JSON.stringify(metadata),
      scope.service?.name ?? null,
    );
    record('MessageEdited', { message: { [locked.id]: edited } });
    return edited;
  });
}

/** A message of the viewer. FORBIDDEN for what only its author or a backend can change. */
async function editableMessage(
  scope: Scope,
  { messageId, metadata }: EditRequest,
): Promise<VisibleMessage> {
  const viewer = requireViewer(scope);
  const visible = await visibleMessage(scope, messageId);
  await requireMember(scope, visible.conversation.id);
  const { authorId, kind, sentBy } = visible.message;
  if (authorId !== viewer.id) throw forbidden('Only the author can edit a message.');
  if (kind === 'SYSTEM') throw forbidden('Only backends can edit system messages.');
  if (metadata != null && sentBy !== null)
    throw forbidden(
      'The text of this message comes from a backend, so only backends can change its metadata. Edit the text alone.',
    );
  return visible;
}

function checkChanges(
  scope: Scope,
  { message }: VisibleMessage,
  { body, metadata }: EditRequest,
): Partial<GatedContent> {
  if (body == null && metadata == null) throw invalid('Pass `body`, `metadata`, or both.');
  const mayBeEmpty = attachmentIdsOf(message).length > 0;
  return {
    ...(body != null && { body: prepareBody(scope, body, { mayBeEmpty }) }),
    ...(metadata != null && { metadata: checkJson(metadata, 'metadata') }),
  };
}

/** The changes as the gate of the application lets them pass. */
async function passGate(
  scope: Scope,
  { message, conversation }: VisibleMessage,
  changes: Partial<GatedContent>,
): Promise<Partial<GatedContent>> {
  const gate = gateFor(scope);
  if (!gate) return changes;
  return gate.inTurn(scope, async () => {
    if (message.deletedAt) throw deleted();
    await requireWriterNow(scope, conversation.id);
    const content = {
      body: message.body!,
      metadata: message.metadata as JsonObject,
      ...changes,
    };
    if (isSame(content, message)) return changes;
    const { id, replyToId } = message;
    const type = 'BeforeMessageEdited';
    const attachmentIds = attachmentIdsOf(message);
    const rewritten = await gate.review(scope, {
      type,
      id,
      replyToId,
      attachmentIds,
      ...content,
      conversation: gatedConversation(scope.node, conversation),
    });
    return { ...changes, ...rewritten };
  });
}

const isSame = (content: GatedContent, { body, metadata }: MessageRow): boolean =>
  content.body === body && isDeepStrictEqual(content.metadata, metadata);

async function mentionedIn(transaction: Transaction, text: string): Promise<string[]> {
  const mentions = findMentions(text);
  if (mentions.length === 0) return [];
  const found = await transaction.user.findMany({
    where: { username: { in: mentions.flat() } },
    select: { id: true, username: true },
  });
  const ids = new Map(found.map(({ id, username }) => [username, id]));
  const mentioned = mentions.flatMap((names) => {
    const name = names.find((name) => ids.has(name));
    return name === undefined ? [] : ids.get(name)!;
  });
  return [...new Set(mentioned)];
}
