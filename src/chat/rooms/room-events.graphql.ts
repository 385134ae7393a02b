import { builder } from '../../graphql/builder.ts';
import {
  ConversationEvent,
  conversationOf,
  type EventOf,
} from '../conversations/events.graphql.ts';
import { Room } from './rooms.graphql.ts';

builder.objectRef<EventOf<'RoomUpdated'>>('RoomUpdated').implement({
  description: 'The name, topic, visibility, slow mode or archive state of a room changed.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    room: t.field({ type: Room, description: 'The room, as of now.', resolve: conversationOf }),
  }),
});
