import { builder } from '../../graphql/builder.ts';
import { conversationById } from '../conversations/conversations.ts';
import { ConversationEvent, type EventOf } from '../messages/events.graphql.ts';
import { Room } from './rooms.graphql.ts';

builder.objectRef<EventOf<'RoomUpdated'>>('RoomUpdated').implement({
  description: 'The room has another name, topic, visibility or rule.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    room: t.field({
      type: Room,
      description: 'The room, as it is now.',
      resolve: async ({ data }, _args, { scope }) =>
        (await conversationById.load(scope, data.conversationId))!,
    }),
  }),
});
