import {
  buildSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
  type GraphQLSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema.ts';

/** The objects that reach viewers without a query for the rows behind them. */
const startTypes = [
  'Report',
  'ModerationEntry',
  'Notification',
  'User',
  'ConversationEvent',
  'NotificationEvent',
];

const shown = 'the object that holds it was checked, and shows who took part';
const checked = 'asks again whether the viewer may see the conversation';
const checkedInTest = `${checked}; see test/chat/content-behind-rows.test.ts`;
const topic = 'only users who may follow the topic receive the event';

/**
 * Every field from these objects to another row, and why the viewer may see it. Fields that lead to
 * content need a reason that holds for viewers who may see one message or one event, and nothing
 * else.
 */
const reasons: Readonly<Record<string, string>> = {
  'Ban.user': shown,
  'BlockChanged.user': topic,
  'DeskChanged.user': topic,
  'Member.user': shown,
  'MemberConnection.edges': 'a page that was checked as a whole',
  'MemberEdge.node': 'a page that was checked as a whole',
  'MemberJoined.conversation': topic,
  'MemberJoined.user': topic,
  'MemberLeft.conversation': `${topic}; the last event of a former member shows the conversation's own fields only`,
  'MemberLeft.user': topic,
  'MemberUpdated.conversation': topic,
  'MemberUpdated.member': topic,
  'Message.attachments': 'whoever may see a message may see its files',
  'Message.author': shown,
  'Message.conversation':
    "shows the conversation's own fields; its fields with rows are checked again",
  'Message.mentions': shown,
  'Message.reactions': shown,
  'Message.replies': checkedInTest,
  'Message.replyTo': 'in the same conversation; null in a report of a hidden conversation',
  'MessageConnection.edges': 'a page that was checked as a whole',
  'MessageDeleted.message': topic,
  'MessageEdge.node': 'a page that was checked as a whole',
  'MessageEdited.message': topic,
  'MessageSent.message': topic,
  'MessagesExpired.conversation': topic,
  'MessagesImported.conversation': topic,
  'MessagesRead.conversation': topic,
  'MessagesRead.user': topic,
  'ModerationEntry.message': 'moderators of a visible room see its messages',
  'ModerationEntry.moderator': shown,
  'ModerationEntry.user': shown,
  'NotificationLevelChanged.member': topic,
  'NotificationReceived.notification': "in the topic of the notification's user",
  'Reaction.users': shown,
  'PinChanged.message': topic,
  'PinChanged.user': topic,
  'PushWanted.notification': 'for backends, which may read everything',
  'PushWanted.user': topic,
  'ReactionChange.user': topic,
  'ReactionsChanged.message': topic,
  'ReactionsChanged.reaction': topic,
  'Report.message': 'a report reveals the reported message, and no other',
  'Report.reporter': shown,
  'Report.resolvedBy': shown,
  'RoomUpdated.room': topic,
  'SupportConversation.assignee': shown,
  'SupportConversation.customer': shown,
  'SupportUpdated.conversation': topic,
  'DirectConversation.peer': checkedInTest,
  'Room.onlineUsers': checkedInTest,
  'Room.viewerBan': 'the ban of the viewer',
  ...Object.fromEntries(
    ['Room', 'DirectConversation', 'SupportConversation'].flatMap((type) => [
      [`${type}.lastMessage`, checkedInTest],
      [`${type}.members`, checkedInTest],
      [`${type}.messages`, checkedInTest],
      [`${type}.pinnedMessages`, checkedInTest],
      [`${type}.viewerMember`, 'the membership of the viewer'],
    ]),
  ),
  'UserUpdated.user': topic,
};

/** All fields from these types to other objects, directly or through further objects. */
function fieldsToRows(of: GraphQLSchema, from: readonly string[]): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const type = of.getType(name);
    if (isAbstractType(type)) for (const { name: inner } of of.getPossibleTypes(type)) visit(inner);
    if (!isObjectType(type)) return;
    for (const field of Object.values(type.getFields())) {
      const target = getNamedType(field.type);
      if (target.name === 'PageInfo' || !(isObjectType(target) || isAbstractType(target))) continue;
      found.push(`${name}.${field.name}`);
      visit(target.name);
    }
  };
  for (const name of from) visit(name);
  return found;
}

describe('the fields from reports, notifications, the moderation log, events and users to other rows', () => {
  it('[P8] [P11] each have a reason why the viewer may see the row', () => {
    expect(fieldsToRows(schema, startTypes).toSorted()).toEqual(Object.keys(reasons).toSorted());
  });

  it('are found through interfaces, lists and cycles', () => {
    const small = buildSchema(`
      type Query { start: Start }
      interface Start { id: ID }
      type One implements Start { id: ID, pages: [Page!]! }
      type Page { hidden: Hidden, pageInfo: PageInfo }
      type PageInfo { id: ID }
      type Hidden { back: Start! }
      type Elsewhere { hidden: Hidden }
    `);
    expect(fieldsToRows(small, ['Start'])).toEqual(['One.pages', 'Page.hidden', 'Hidden.back']);
  });
});
