import { builder } from '../../graphql/builder.ts';
import {
  ConversationEvent,
  conversationOf,
  type EventOf,
} from '../conversations/events.graphql.ts';
import { Room } from './rooms.graphql.ts';

builder.objectRef<EventOf<'RoomUpdated'>>('RoomUpdated').implement({
  description: 'The room has another name, topic, visibility or rule.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    room: t.field({
      type: Room,
      description: 'The room, as it is now.',
      resolve: conversationOf,
    }),
  }),
});
