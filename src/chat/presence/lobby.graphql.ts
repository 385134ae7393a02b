import type { LobbyRoom as LobbyRoomRow } from '../../events/channel.ts';
import { builder } from '../../graphql/builder.ts';
import { snapshotType } from '../../graphql/cost.ts';
import { atMost } from '../../graphql/pages.ts';
import { rowOf } from '../../graphql/rows.ts';
import { subscription } from '../../graphql/subscription.ts';
import type { LiveNotice } from '../../live/live-field.ts';
import { requireViewer } from '../../scope.ts';
import { conversationById } from '../conversations/conversations.ts';
import { Room } from '../rooms/rooms.graphql.ts';
import { namesShown } from './lobby-views.ts';
import { privateRoomsShown } from './private-lobby.ts';
import { publicRoomsShown } from './public-lobby.ts';

type NoticeOf<Type extends LiveNotice['type']> = Extract<LiveNotice, { type: Type }>;

const LobbyRoom = builder.objectRef<LobbyRoomRow>('LobbyRoom').implement({
  description: 'A room with its online members.',
  fields: (t) => ({
    room: t.field({
      type: Room,
      description: 'The room, as of now.',
      resolve: rowOf(conversationById, ({ roomId }) => roomId),
    }),
    onlineCount: t.exposeInt('onlineCount', { description: 'The number of online members.' }),
    usernames: t.stringList({
      description:
        'The usernames of the online members in alphabetical order, at most 100. Guests count in `onlineCount`, but are not listed, because their usernames are random.',
      complexity: atMost(namesShown),
      resolve: ({ usernames }) => [...usernames],
    }),
  }),
});

const LobbySnapshot = builder.objectRef<NoticeOf<'LobbySnapshot'>>('LobbySnapshot').implement({
  description:
    'The complete state of the lobby. It comes first, and again after a slow client missed changes; then it replaces everything received before.',
  extensions: snapshotType,
  fields: (t) => ({
    rooms: t.field({
      type: [LobbyRoom],
      description:
        'The rooms in use, in the order of their names. Of the public rooms, at most 100: those with the most online members, then those with the newest messages. Of the private rooms in which the viewer is online, also at most 100.',
      complexity: atMost(publicRoomsShown + privateRoomsShown),
      resolve: ({ data }) => [...data.rooms],
    }),
    otherRoomCount: t.int({
      description:
        'The number of further public rooms, counted up to 1,000. `Query.rooms` lists and finds them.',
      resolve: ({ data }) => data.otherRoomCount,
    }),
  }),
});

const LobbyRoomChanged = builder
  .objectRef<NoticeOf<'LobbyRoomChanged'>>('LobbyRoomChanged')
  .implement({
    description: 'A room or its online members changed, or it belongs to the lobby from now on.',
    fields: (t) => ({
      room: t.field({
        type: LobbyRoom,
        description: 'The room after the change.',
        resolve: ({ data }) => data.room,
      }),
    }),
  });

const LobbyRoomRemoved = builder
  .objectRef<NoticeOf<'LobbyRoomRemoved'>>('LobbyRoomRemoved')
  .implement({
    description:
      'A room no longer belongs to the lobby: it was archived, the viewer can no longer see it, or 100 other rooms are more active.',
    fields: (t) => ({
      roomId: t.id({
        description: 'The id of the removed room.',
        resolve: ({ data }) => data.roomId,
      }),
    }),
  });

const LobbyEvent = builder.unionType('LobbyEvent', {
  description: 'The state of the lobby, or a change of it.',
  types: [LobbySnapshot, LobbyRoomChanged, LobbyRoomRemoved],
  resolveType: ({ type }) => type,
});

subscription('lobby', {
  type: LobbyEvent,
  description:
    'The rooms in use that the viewer may see, with their online members: first a snapshot, then changes. A room changes at most four times a second.',
  live: {
    async channel({ node: { services } }) {
      await services.roomPresence.ready();
      return services.lobby;
    },
    authorize: (scope) => scope.node.services.silences.load(requireViewer(scope).id),
  },
});
