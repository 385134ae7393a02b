import { supportTopic } from '../../events/topics.ts';
import { createLoader } from '../../loaders.ts';
import { requireViewer } from '../../scope.ts';
import { abandoned } from '../conversations/access.ts';
import { memberOf } from '../conversations/conversations.ts';
import type { Kind } from '../conversations/kinds.ts';
import { withdraw } from '../conversations/membership.ts';
import { isAdmin } from '../people/admin-role.ts';
import { deskMember, enterAsDesk } from './desk.ts';
import { otherTopics, supportDestination } from './destination.ts';

/**
 * A conversation of one user, the customer, with the support desk. All admins are on the desk: they
 * can see every support conversation, and become members when they first write or read.
 */
export const support: Kind = {
  typeName: 'SupportConversation',
  otherTopics: () => otherTopics,
  isOpenTo: isAdmin,
  standIn: async (scope, conversation) => deskMember(conversation, requireViewer(scope).id),
  enter: enterAsDesk,
  readOnly: abandoned,
  isModerated: false,
  showsReading: true,
  async readUpTo(scope, { id, customerId }, authorId) {
    if (authorId === customerId) return deskMarker.load(scope, id);
    return (await memberOf(scope, id, customerId!))?.lastReadSeq ?? 0;
  },
  notifies: { of: 'every message', type: 'support_reply' },
  // The desk sees all conversations in its list.
  defaultLevel: ({ customerId }, userId) => (userId === customerId ? 'ALL' : 'NOTHING'),
  retentionDays: ({ SUPPORT_RETENTION_DAYS }) => SUPPORT_RETENTION_DAYS,
  async abandon(transaction, record, { conversation: { id, customerId }, user }) {
    await withdraw(transaction, id, user.id);
    if (customerId !== user.id) return;
    const now = new Date();
    const left = await transaction.conversation.update({
      where: { id },
      data: { archivedAt: now, resolvedAt: now, metadata: {} },
    });
    record(
      {
        type: 'MemberLeft',
        data: { ...supportDestination(left), userId: user.id, reason: 'LEFT' },
      },
      { user: { [user.id]: user } },
    );
    record(
      { type: 'SupportUpdated', data: supportDestination(left) },
      { conversation: { [id]: left } },
    );
  },
  sql: {
    otherTopics: `array['${supportTopic}']`,
    isOpen: (isAdmin) => isAdmin,
    standsIn: (isAdmin) => isAdmin,
    recipients: 'array[customer_id]',
  },
};

/** The highest read marker of the desk in a support conversation, by the conversation's id. */
const deskMarker = createLoader<string, number>(async ({ node }, conversationIds) => {
  const rows = await node.database.query<{ id: string; marker: number }>(deskMarkerStatement, [
    conversationIds,
  ]);
  const markers = new Map(rows.map(({ id, marker }) => [id, marker]));
  return conversationIds.map((id) => markers.get(id) ?? 0);
});

const deskMarkerStatement = {
  name: 'desk-markers',
  text: `select conversations.id, max(last_read_seq) as marker from conversations
      join members on conversation_id = conversations.id and user_id <> customer_id
    where conversations.id = any($1::uuid[]) group by conversations.id`,
};
