import type { Kinds } from './conversations/kinds.ts';
import { direct } from './direct/direct.ts';
import { room } from './rooms/room.ts';
import { support } from './support/support.ts';

/** All kinds of conversation. */
export const kinds: Kinds = { ROOM: room, DIRECT: direct, SUPPORT: support };
