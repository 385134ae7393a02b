import type { LobbyRoom as LobbyRoomRow } from '../../events/channel.ts';
import { builder } from '../../graphql/builder.ts';
import { snapshotType } from '../../graphql/cost.ts';
import { atMost } from '../../graphql/pages.ts';
import type { HeardNotice, NoticeField } from '../../live/live-field.ts';
import { requireViewer } from '../../scope.ts';
import { conversationById } from '../conversations/conversations.ts';
import { Room } from '../rooms/rooms.graphql.ts';
import { namesShown, roomsShown } from './lobby.ts';

type NoticeOf<Type extends HeardNotice['type']> = Extract<HeardNotice, { type: Type }>;

const LobbyRoom = builder.objectRef<LobbyRoomRow>('LobbyRoom').implement({
  description: 'A room, and who is in it.',
  fields: (t) => ({
    room: t.field({
      type: Room,
      description: 'The room, as it is now.',
      resolve: async ({ roomId }, _args, { scope }) =>
        (await conversationById.load(scope, roomId))!,
    }),
    onlineCount: t.exposeInt('onlineCount', { description: 'How many of its members are online.' }),
    usernames: t.stringList({
      description: 'The usernames of those who are online, sorted, at most 100.',
      complexity: atMost(namesShown),
      resolve: ({ usernames }) => [...usernames],
    }),
  }),
});

const LobbySnapshot = builder.objectRef<NoticeOf<'LobbySnapshot'>>('LobbySnapshot').implement({
  description:
    'The rooms in use that the viewer may see, in the order of their names. Comes first, and again after the reader did not keep up: it replaces what was known.',
  extensions: snapshotType,
  fields: (t) => ({
    rooms: t.field({
      type: [LobbyRoom],
      description:
        'At most 500: where there are more, those with the most members online. `Query.rooms` lists all.',
      complexity: atMost(roomsShown),
      resolve: ({ data }) => [...data.rooms],
    }),
  }),
});

const LobbyRoomChanged = builder
  .objectRef<NoticeOf<'LobbyRoomChanged'>>('LobbyRoomChanged')
  .implement({
    description: 'A room is new to the viewer, or it or who is in it has changed.',
    fields: (t) => ({
      room: t.field({
        type: LobbyRoom,
        description: 'The room, as it is now.',
        resolve: ({ data }) => data.room,
      }),
    }),
  });

const LobbyRoomRemoved = builder
  .objectRef<NoticeOf<'LobbyRoomRemoved'>>('LobbyRoomRemoved')
  .implement({
    description: 'A room was archived, or the viewer may no longer see it.',
    fields: (t) => ({
      roomId: t.id({ description: 'The room.', resolve: ({ data }) => data.roomId }),
    }),
  });

const LobbyEvent = builder.unionType('LobbyEvent', {
  description: 'How the rooms are now, then what changes.',
  types: [LobbySnapshot, LobbyRoomChanged, LobbyRoomRemoved],
  resolveType: ({ type }) => type,
});

const lobby: NoticeField<object> = {
  async channel({ node: { services } }) {
    await services.roomPresence.ready();
    return services.lobby;
  },
  authorize: async (scope) => void requireViewer(scope),
};

builder.subscriptionField('lobby', (t) =>
  t.field({
    type: LobbyEvent,
    description:
      'The rooms that the viewer may see, and who is online in them: up to 500 of them first, then each that changes, at most four times a second.',
    extensions: { live: lobby },
    subscribe: () => {
      throw new Error('run by live/');
    },
    resolve: (heard) =>
      heard as NoticeOf<'LobbySnapshot' | 'LobbyRoomChanged' | 'LobbyRoomRemoved'>,
  }),
);
