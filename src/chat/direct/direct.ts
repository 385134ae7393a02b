import { directTopic } from '../../events/topics.ts';
import { abandoned, noSuchConversation } from '../conversations/access.ts';
import { memberOf, type Conversation } from '../conversations/conversations.ts';
import type { Kind } from '../conversations/kinds.ts';
import { withdraw } from '../conversations/membership.ts';

const otherTopics = ({ lesserUserId, greaterUserId }: Conversation) =>
  [lesserUserId!, greaterUserId!].map(directTopic);

/**
 * A conversation of two users. No other user can see it. Its events are also in the topic of each
 * participant.
 */
export const direct: Kind = {
  typeName: 'DirectConversation',
  otherTopics,
  isOpenTo: () => false,
  async standIn() {
    throw noSuchConversation();
  },
  readOnly: abandoned,
  isModerated: false,
  showsReading: true,
  async readUpTo(scope, { id, lesserUserId, greaterUserId }, authorId) {
    const readerId = [lesserUserId!, greaterUserId!].find((userId) => userId !== authorId)!;
    return (await memberOf(scope, id, readerId))?.lastReadSeq ?? 0;
  },
  notifies: { of: 'every message', type: 'message_received' },
  defaultLevel: () => 'ALL',
  retentionDays: ({ DIRECT_RETENTION_DAYS }) => DIRECT_RETENTION_DAYS,
  async abandon(transaction, record, { conversation: { id }, user }) {
    await withdraw(transaction, id, user.id);
    const left = await transaction.conversation.update({
      where: { id },
      data: { archivedAt: new Date() },
    });
    record(
      {
        type: 'MemberLeft',
        data: {
          conversationId: id,
          otherTopics: otherTopics(left),
          userId: user.id,
          reason: 'LEFT',
        },
      },
      { user: { [user.id]: user } },
    );
  },
  sql: {
    otherTopics: `array['${directTopic('')}' || lesser_user_id, '${directTopic('')}' || greater_user_id]`,
    recipients: 'array[lesser_user_id, greater_user_id]',
  },
};
