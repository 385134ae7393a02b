import { conflict, invalid, notFound, rateLimited, unavailable } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Scope } from '../../scope.ts';
import {
  enter,
  forgetPermission,
  muted,
  requireWriter,
  visibleConversation,
} from '../conversations/access.ts';
import { users } from '../people/users.ts';
import { spend } from '../policy/allowances.ts';
import { checkJson, type JsonObject } from '../policy/json.ts';
import { isOneLine } from '../policy/text.ts';
import { authorOf, refusalOfService, type Author, type Authorship } from './author.ts';
import { prepareBody } from './body.ts';
import type { GatedConversation } from './gated-conversation.ts';
import { reviewSend } from './gated-send.ts';
import { hiddenFrom } from './hidden.ts';
import { messageById, type MessageRow } from './message-row.ts';
import type { Sent } from './message-writer.ts';
import { writtenBody, type NewMessage } from './new-message.ts';

export interface SendRequest extends Authorship {
  readonly body: string;
  readonly replyToId?: string | null;
  readonly idempotencyKey?: string | null;
  readonly metadata?: JsonObject | null;
  readonly attachmentIds?: readonly string[] | null;
}

/** The knowledge of a caller that opens the conversation with the message. */
export interface Opening {
  /** Makes the viewer a member of the conversation. False if that is not possible. */
  letIn(request: SendRequest): Promise<boolean>;
  /** The participant from whom the message is hidden. */
  readonly hiddenFromId: string | null;
  /** The conversation, as long as there is none. */
  readonly conversation: GatedConversation;
}

/**
 * Stores a message of the viewer, or of the author for whom a service sends, and publishes it. A
 * viewer without a membership gets one by the opening, or as the kind of the conversation allows
 * it. A repeat with the same key returns the first message [P6].
 */
export async function sendMessage(
  scope: Scope,
  request: SendRequest,
  opening?: Opening,
): Promise<{ message: MessageRow; duplicate: boolean }> {
  const stop = scope.node.metrics.sendDuration.startTimer();
  const author = await authorOf(scope, request);
  const content = { ...checkContent(scope, request), ...author };
  const newMessage: NewMessage = {
    ...content,
    hiddenFromId: opening ? opening.hiddenFromId : await hiddenFrom(scope, content.conversationId),
  };
  await spend(scope, 'send');
  const reviewed = await reviewSend(scope, newMessage, opening?.conversation);
  let sent = await store(scope, reviewed, newMessage);
  for (let retries = 0; sent.outcome === 'closed'; retries++) {
    if (scope.service) throw await refusalOfService(scope, author);
    const hasEntered = await (opening
      ? opening.letIn(request)
      : enter(scope, request.conversationId));
    if (!hasEntered || retries > 0) {
      forgetPermission(scope, newMessage.conversationId);
      await requireWriter(scope, newMessage.conversationId);
    }
    // Nothing was stored, and the viewer may write by now. A refusal could not name a reason, so
    // the message is sent again.
    if (retries === closedRetries) throw changedMeanwhile();
    sent = await store(scope, reviewed, newMessage);
  }
  if (sent.outcome === 'no-reply-target') throw noReplyTarget();
  if (sent.outcome === 'no-attachment') throw noSuchAttachment();
  if (sent.outcome === 'muted') throw muted(sent.until);
  if (sent.outcome === 'slowed')
    throw rateLimited(
      `This room is in slow mode. You can send the next message in ${Math.ceil(sent.waitMs / 1000)} s.`,
      sent.waitMs,
    );
  // The author may have been removed since the first send.
  if (!scope.service && (sent.outcome === 'conflict' || sent.duplicate))
    await visibleConversation(scope, newMessage.conversationId);
  if (sent.outcome === 'conflict')
    throw conflict(
      'This idempotencyKey belongs to another message that you sent here. Use a new key for each message, and the same key only to retry.',
    );
  const { message, duplicate, isFollowedUp } = sent;
  if (!duplicate) stop();
  if (isFollowedUp) scope.node.services.deliveryBell.ring();
  messageById.prime(scope, message.id, message);
  users.prime(scope, sent.author.id, sent.author);
  return { message, duplicate };
}

/** How often a send is repeated whose author got access while it was refused. */
const closedRetries = 5;

const changedMeanwhile = () =>
  unavailable(
    'Your access to this conversation changed several times while you were sending. Nothing was stored. Send again with the same idempotencyKey.',
  );

/** Stores the message as the gate let it pass. */
async function store(scope: Scope, reviewed: NewMessage, requested: NewMessage): Promise<Sent> {
  const sent = await storeOnce(scope, reviewed);
  if (sent.outcome !== 'conflict' || reviewed === requested) return sent;
  // The same send may have been stored meanwhile, with what the gate decided then.
  return storeOnce(scope, requested);
}

async function storeOnce({ node }: Scope, newMessage: NewMessage): Promise<Sent> {
  try {
    const sent = await node.services.messageWriter.send(newMessage);
    node.metrics.sends.inc({
      outcome: sent.outcome === 'stored' && sent.duplicate ? 'duplicate' : sent.outcome,
    });
    return sent;
  } catch (error) {
    node.metrics.sends.inc({ outcome: 'failed' });
    throw error;
  }
}

function checkContent(
  scope: Scope,
  { body, replyToId, idempotencyKey, metadata, attachmentIds }: SendRequest,
): Omit<NewMessage, keyof Author> {
  const attached = checkAttachments(scope, attachmentIds ?? []);
  const text = prepareBody(scope, body, { mayBeEmpty: attached.length > 0 });
  if (replyToId != null && !isId(replyToId)) throw noReplyTarget();
  return {
    ...writtenBody(text),
    replyToId: replyToId?.toLowerCase() ?? null,
    metadata: checkJson(metadata ?? {}, 'metadata'),
    attachmentIds: attached,
    idempotencyKey: idempotencyKey == null ? undefined : checkKey(idempotencyKey),
  };
}

function checkAttachments(scope: Scope, ids: readonly string[]): string[] {
  const { attachmentsPerMessage } = scope.node.config.limits;
  if (ids.length > attachmentsPerMessage)
    throw invalid(
      `A message has at most ${attachmentsPerMessage} attachments. Send the others with another message.`,
      'attachmentIds',
    );
  const distinct = new Set(ids.map((id) => id.toLowerCase()));
  if (distinct.size < ids.length)
    throw invalid('Pass each attachment once in `attachmentIds`.', 'attachmentIds');
  if (![...distinct].every(isId)) throw noSuchAttachment();
  return [...distinct];
}

const noSuchAttachment = () =>
  notFound(
    'One of the attachments does not exist, is not complete, has expired, or is part of another message. Upload the file again, and pass the id from completeUpload.',
  );

function checkKey(key: string): string {
  if (key === '' || [...key].length > 128 || !isOneLine(key))
    throw invalid(
      'An idempotencyKey has 1 to 128 valid characters and no control characters. Use a UUID, for example.',
      'idempotencyKey',
    );
  return key;
}

const noReplyTarget = () =>
  notFound('There is no such message in this conversation to reply to. Check `replyToId`.');
