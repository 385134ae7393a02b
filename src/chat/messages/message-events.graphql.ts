import type { ReactionChange as ReactionChangeData } from '../../events/catalogue.ts';
import { builder } from '../../graphql/builder.ts';
import type { Context } from '../../graphql/context.ts';
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

/** What happened to one message. */
const messageEvents = {
  MessageSent: 'Somebody sent a message.',
  MessageEdited: 'A message has another text, and other mentions with it.',
  MessageDeleted:
    'A message was deleted, and with it its mentions and reactions; it keeps its place.',
} as const;

const messageOf = async (
  { data }: { data: { messageId: string } },
  _args: unknown,
  { scope }: Context,
) => (await messageById.load(scope, data.messageId))!;

for (const [name, description] of Object.entries(messageEvents))
  builder.objectRef<EventOf<keyof typeof messageEvents>>(name).implement({
    description,
    interfaces: [ConversationEvent],
    fields: (t) => ({
      message: t.field({
        type: Message,
        description: 'The message, as it is now.',
        resolve: messageOf,
      }),
    }),
  });

const ReactionChange = builder.objectRef<ReactionChangeData>('ReactionChange').implement({
  description: 'An emoji that was given to a message, or taken back.',
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'Who did it.',
      resolve: async ({ userId }, _args, { scope }) => (await users.load(scope, userId))!,
    }),
    emoji: t.exposeString('emoji', { description: 'The emoji.' }),
    isAdded: t.exposeBoolean('isAdded', {
      description: 'Whether it was given; else it was taken back.',
    }),
  }),
});

builder.objectRef<EventOf<'ReactionsChanged'>>('ReactionsChanged').implement({
  description: 'A message was given an emoji, or one was taken back.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    message: t.field({
      type: Message,
      description: 'The message, as it is now.',
      resolve: messageOf,
    }),
    reaction: t.field({
      type: ReactionChange,
      nullable: true,
      description:
        'What was given or taken back, and by whom; null where reactions went with the account of who had given them.',
      resolve: ({ data }) => data.reaction ?? null,
    }),
  }),
});

builder.objectRef<EventOf<'MessagesExpired'>>('MessagesExpired').implement({
  description:
    'The oldest messages had been kept as long as messages are kept here: they are deleted, all up to this one.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    conversation: t.field({
      type: ConversationInterface,
      description: 'Where.',
      resolve: conversationOf,
    }),
    upToSeq: t.int({
      description: 'The `seq` of the newest message that is deleted, and all before it with it.',
      resolve: ({ data }) => data.upToSeq,
    }),
  }),
});
