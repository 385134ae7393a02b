import './chat/accounts/own-data.graphql.ts';
import './chat/accounts/sessions.graphql.ts';
import './chat/accounts/users.graphql.ts';
import './chat/conversations.graphql.ts';
import './chat/events.graphql.ts';
import './chat/direct/direct.graphql.ts';
import './chat/messages/messages.graphql.ts';
import './chat/presence/lobby.graphql.ts';
import './chat/presence/presence.graphql.ts';
import './chat/presence/typing.graphql.ts';
import './chat/moderation/moderation.graphql.ts';
import './chat/moderation/reports.graphql.ts';
import './chat/rooms/entry.graphql.ts';
import './chat/rooms/room-messages.graphql.ts';
import './chat/rooms/rooms.graphql.ts';
import './graphql/server-info.graphql.ts';
import { builder } from './graphql/builder.ts';

export const schema = builder.toSchema({ sortSchema: false });
