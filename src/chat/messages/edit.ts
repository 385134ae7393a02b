import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '../../db/database.ts';
import { conflict, forbidden, invalid } from '../../errors.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { requireMember, requireWriter } from '../conversations/access.ts';
import { spend } from '../policy/allowances.ts';
import { checkJson, type JsonObject } from '../policy/json.ts';
import { prepareBody } from './body.ts';
import { changeMessage, deleted, requireWritable } from './change-message.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { GatedContent } from './gate-question.ts';
import { gatedConversation } from './gated-conversation.ts';
import { hiddenFrom } from './hidden.ts';
import { findMentions } from './mentions.ts';
import { messageColumns } from './message-fields.ts';
import { gateFor } from './message-gate.ts';
import { attachmentIdsOf, type MessageRow } from './message-row.ts';
import { tsvectorOf } from './search-query.ts';
import { startCallOnMessage } from './service-message.ts';
import { visibleMessage, type VisibleMessage } from './visible-message.ts';

export interface EditRequest {
  readonly messageId: string;
  readonly body?: string | null;
  readonly metadata?: JsonObject | null;
}

/** The edit as the gate of the application lets it pass. */
interface ReviewedEdit {
  readonly changes: Partial<GatedContent>;
  /** The whole content that the gate was asked about. Undefined without a gate. */
  readonly whole?: GatedContent;
}

/** How often the gate is asked about one edit, if the message changes while it decides. */
const reviewsMax = 3;

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
  let { message } = visible;
  for (let reviews = 0; reviews < reviewsMax; reviews++) {
    const current = { ...visible, message };
    const reviewed = await reviewEdit(scope, current, requested);
    const { row, isStored } = await store(scope, current, reviewed);
    if (isStored) return row;
    message = row;
  }
  throw changedMeanwhile();
}

/**
 * Stores a reviewed edit. It is not stored if the message has changed since the review, so that
 * together with its other half it would be a message that the gate has not seen.
 */
async function store(
  scope: Scope,
  visible: VisibleMessage,
  { changes, whole }: ReviewedEdit,
): Promise<{ row: MessageRow; isStored: boolean }> {
  // An edit by a blocked user hides the whole message: its new text must not arrive.
  const hidden = await hiddenFrom(scope, visible.conversation.id);
  let isStored = true;
  const row = await changeMessage(scope, visible, async (change) => {
    requireWritable(scope, change);
    const { transaction, locked, record } = change;
    if (locked.deletedAt) throw deleted();
    const metadata = changes.metadata ?? (locked.metadata as JsonObject);
    const body = changes.body ?? locked.body!;
    isStored = whole === undefined || isSame({ body, metadata }, whole);
    if (!isStored || isSame({ body, metadata }, contentOf(locked))) return locked;
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
  return { row, isStored };
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

/** Asks the gate about the message as it will be. */
async function reviewEdit(
  scope: Scope,
  { message, conversation }: VisibleMessage,
  changes: Partial<GatedContent>,
): Promise<ReviewedEdit> {
  const gate = gateFor(scope);
  if (!gate) return { changes };
  return gate.inTurn(scope, async () => {
    if (message.deletedAt) throw deleted();
    await requireWriter(scope, conversation.id);
    const content = { ...contentOf(message), ...changes };
    if (isSame(content, contentOf(message))) return { changes, whole: content };
    const { id, replyToId } = message;
    const rewritten = await gate.review(scope, {
      type: 'BeforeMessageEdited',
      id,
      replyToId,
      attachmentIds: attachmentIdsOf(message),
      ...content,
      conversation: gatedConversation(scope.node, conversation),
    });
    return { changes: { ...changes, ...rewritten }, whole: { ...content, ...rewritten } };
  });
}

const contentOf = ({ body, metadata }: MessageRow): GatedContent => ({
  body: body!,
  metadata: metadata as JsonObject,
});

const isSame = (one: GatedContent, other: GatedContent): boolean =>
  one.body === other.body && isDeepStrictEqual(one.metadata, other.metadata);

const changedMeanwhile = () =>
  conflict(
    'The message was changed several times while your edit was being checked. Load the message, then edit it again.',
  );

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
