import { builder } from '../../graphql/builder.ts';
import {
  ConversationEvent,
  conversationOf,
  type EventOf,
} from '../conversations/events.graphql.ts';
import { Room } from './rooms.graphql.ts';

builder.objectRef<EventOf<'RoomUpdated'>>('RoomUpdated').implement({
  description:
    'The name, topic, visibility, slow mode, metadata or archive state of a room changed.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    room: t.field({ type: Room, description: 'The room, as of now.', resolve: conversationOf }),
  }),
});

builder.objectRef<EventOf<'RoomDeleted'>>('RoomDeleted').implement({
  description:
    'The room was deleted with everything in it. It is the last event of the room: the subscription then ends with `FORBIDDEN`.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    roomId: t.id({
      description: 'The id of the deleted room.',
      resolve: ({ data }) => data.conversationId,
    }),
  }),
});
