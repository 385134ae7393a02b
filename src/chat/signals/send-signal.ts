import { forbidden, invalid } from '../../errors.ts';
import { isId } from '../../ids.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { noSuchConversation, requireWriter } from '../conversations/access.ts';
import { conversationById } from '../conversations/conversations.ts';
import { resolveConversationId } from '../conversations/external-ids.ts';
import { directConversationId } from '../direct/direct-conversations.ts';
import { isAdmin } from '../people/admin-role.ts';
import { resolveUserIds } from '../people/external-ids.ts';
import { users } from '../people/users.ts';
import { spend } from '../policy/allowances.ts';
import { checkJson, type JsonObject } from '../policy/json.ts';
import { startServiceCall } from '../policy/service-calls.ts';
import { ofConversation, ofEveryone, ofUser } from './signals.ts';

export interface SignalRequest {
  readonly conversationId?: string | null;
  readonly userIds?: readonly string[] | null;
  readonly toEveryone?: boolean | null;
  readonly type: string;
  readonly data?: JsonObject | null;
}

/** The most users to whom a user sends a signal at once. */
export const recipientsMax = 100;
/** The same for admins and backends. */
export const recipientsMaxOfBackends = 1000;

/**
 * Sends a signal to the members of a conversation, to users, or to everyone who is connected.
 *
 * Users signal in conversations in which they may write, and to users who have written to them in
 * their direct conversation: a stranger cannot make a phone ring. Admins and backends signal to all
 * users.
 */
export async function sendSignal(scope: Scope, request: SignalRequest): Promise<void> {
  const { type } = request;
  const audience = audienceOf(request);
  if (scope.service)
    await startServiceCall(scope, 'notify', {
      action: 'sendSignal',
      targets: 'toEveryone' in audience ? ['everyone'] : audience.ids,
    });
  const senderId = scope.service ? null : requireViewer(scope).id;
  if (!/^[\w.:-]{1,64}$/.test(type))
    throw invalid('The type of a signal has 1 to 64 letters, digits, and `_.:-`.', 'type');
  const data = checkJson(request.data ?? {}, 'data');
  const kilobytes = Math.max(1, Math.ceil(Buffer.byteLength(JSON.stringify(data)) / 1024));
  const { channels, conversationId } = await channelsFor(scope, audience, (signals) =>
    spend(scope, 'signal', signals * kilobytes),
  );
  const sender = senderId === null ? null : await users.load(scope, senderId);
  scope.node.broadcasts.publish(channels, {
    key: `${senderId ?? scope.service!.id} ${type}`,
    type,
    data,
    senderId,
    conversationId,
    sentAt: Date.now(),
    ...(sender && { facts: { user: { [sender.id]: sender } } }),
  });
}

type Audience =
  | { readonly conversation: true; readonly ids: readonly [string] }
  | { readonly ids: readonly string[] }
  | { readonly toEveryone: true };

/** Throws INVALID unless the request has exactly one audience. */
function audienceOf({ conversationId, userIds, toEveryone }: SignalRequest): Audience {
  const audiences: Audience[] = [];
  if (conversationId != null) audiences.push({ conversation: true, ids: [conversationId] });
  if (userIds != null) audiences.push({ ids: userIds });
  if (toEveryone) audiences.push({ toEveryone });
  if (audiences.length !== 1)
    throw invalid('Pass exactly one of `conversationId`, `userIds` and `toEveryone: true`.');
  return audiences[0]!;
}

interface Addressed {
  readonly channels: readonly string[];
  readonly conversationId: string | null;
}

/** Throws a refusal unless the sender may signal to this audience. */
async function channelsFor(
  scope: Scope,
  audience: Audience,
  pay: (signals: number) => Promise<void>,
): Promise<Addressed> {
  if ('toEveryone' in audience) {
    if (!scope.service && !(await isAdmin(scope)))
      throw forbidden('Only admins and backends can send a signal to everyone.');
    await pay(1);
    return { channels: [ofEveryone], conversationId: null };
  }
  if ('conversation' in audience) {
    const conversationId = await writableConversation(scope, audience.ids[0]);
    await pay(1);
    return { channels: [ofConversation(conversationId)], conversationId };
  }
  const recipients = await recipientsOf(scope, audience.ids, pay);
  return { channels: recipients.map(ofUser), conversationId: null };
}

async function writableConversation(scope: Scope, id: string): Promise<string> {
  if (!scope.service) return (await requireWriter(scope, id)).id;
  const found = await conversationById.load(scope, await resolveConversationId(scope, id));
  if (!found) throw noSuchConversation();
  return found.id;
}

async function recipientsOf(
  scope: Scope,
  userIds: readonly string[],
  pay: (signals: number) => Promise<void>,
): Promise<string[]> {
  const reachesAll = scope.service !== undefined || (await isAdmin(scope));
  const most = reachesAll ? recipientsMaxOfBackends : recipientsMax;
  if (userIds.length < 1 || userIds.length > most)
    throw invalid(`Pass 1 to ${most} user ids. Reach more users with another signal.`, 'userIds');
  await pay(userIds.length);
  const resolved = await resolveUserIds(scope, userIds);
  const ids = [...new Set(resolved.map((id) => id.toLowerCase()).filter(isId))];
  if (!reachesAll) await requireCorrespondents(scope, ids);
  return ids;
}

/** FORBIDDEN unless each of these users is the viewer, or has written to the viewer. */
async function requireCorrespondents(scope: Scope, userIds: readonly string[]): Promise<void> {
  const { id: viewerId } = requireViewer(scope);
  const others = userIds.filter((id) => id !== viewerId);
  const conversationIds = others.map((id) => directConversationId(viewerId, id));
  const found = await scope.node.database.query<{ userId: string }>(correspondentsStatement, [
    others,
    conversationIds,
  ]);
  const known = new Set(found.map(({ userId }) => userId));
  if (!others.every((id) => known.has(id)))
    throw forbidden(
      'You can send signals only to users who have sent you a private message. In a shared conversation, pass its `conversationId` instead.',
    );
}

const correspondentsStatement = {
  name: 'signal-correspondents',
  text: `select asked.user_id as "userId"
    from unnest($1::uuid[], $2::uuid[]) asked(user_id, conversation_id)
    where exists (select from messages
      where author_id = asked.user_id and messages.conversation_id = asked.conversation_id)`,
};
