import type { ReactionChange as ReactionChangeData } from '../../events/catalogue.ts';
import { builder } from '../../graphql/builder.ts';
import { rowOf } from '../../graphql/rows.ts';
import { ConversationInterface } from '../conversations/conversations.graphql.ts';
import {
  ConversationEvent,
  conversationOf,
  type EventOf,
} from '../conversations/events.graphql.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import { messageById } from './message-row.ts';
import { Message } from './messages.graphql.ts';

const messageOf = rowOf(messageById, ({ data }: { data: { messageId: string } }) => data.messageId);

/** The events that consist of a message. */
const messageEvents = {
  MessageSent: 'A user sent a message.',
  MessageEdited:
    'The text of a message changed, and with it the mentions, or its metadata, or both.',
  MessageDeleted:
    'A message was deleted, with its mentions and reactions. It keeps its number in the conversation.',
} as const;

for (const [name, description] of Object.entries(messageEvents))
  builder.objectRef<EventOf<keyof typeof messageEvents>>(name).implement({
    description,
    interfaces: [ConversationEvent],
    fields: (t) => ({
      message: t.field({
        type: Message,
        description: 'The message, as of now.',
        resolve: messageOf,
      }),
    }),
  });

const ReactionChange = builder.objectRef<ReactionChangeData>('ReactionChange').implement({
  description: 'A reaction that a user added to a message or removed from it.',
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'The user who added or removed the reaction.',
      resolve: rowOf(users, ({ userId }) => userId),
    }),
    emoji: t.exposeString('emoji', {
      description: 'The emoji of the reaction, in its fully qualified form.',
    }),
    isAdded: t.exposeBoolean('isAdded', {
      description: 'Whether the reaction was added. If `false`, it was removed.',
    }),
  }),
});

builder.objectRef<EventOf<'ReactionsChanged'>>('ReactionsChanged').implement({
  description: 'A reaction was added to a message or removed from it.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    message: t.field({
      type: Message,
      description: 'The message, as of now.',
      resolve: messageOf,
    }),
    reaction: t.field({
      type: ReactionChange,
      nullable: true,
      description:
        'The reaction that was added or removed. Null if reactions were removed with a deleted account.',
      resolve: ({ data }) => data.reaction ?? null,
    }),
  }),
});

builder.objectRef<EventOf<'MessagesExpired'>>('MessagesExpired').implement({
  description:
    'The oldest messages of a conversation were deleted, because their retention period has ended.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    conversation: t.field({
      type: ConversationInterface,
      description: 'The conversation of the deleted messages.',
      resolve: conversationOf,
    }),
    upToSeq: t.int({
      description:
        'The `seq` of the newest deleted message. All messages before it are deleted too.',
      resolve: ({ data }) => data.upToSeq,
    }),
  }),
});

builder.objectRef<EventOf<'MessagesImported'>>('MessagesImported').implement({
  description:
    'A backend imported messages, all from `fromSeq` to `toSeq`. Load them as a page of the history. They do not count as unread.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    conversation: t.field({
      type: ConversationInterface,
      description: 'The conversation of the imported messages.',
      resolve: conversationOf,
    }),
    fromSeq: t.int({
      description: 'The `seq` of the first imported message.',
      resolve: ({ data }) => data.fromSeq,
    }),
    toSeq: t.int({
      description: 'The `seq` of the last imported message.',
      resolve: ({ data }) => data.toSeq,
    }),
  }),
});
