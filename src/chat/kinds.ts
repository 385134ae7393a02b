import type { Kinds } from './conversations/kinds.ts';
import { direct } from './direct/direct.ts';
import { room } from './rooms/room.ts';
import { support } from './support/support.ts';

/** Every kind of conversation there is. */
export const kinds: Kinds = { ROOM: room, DIRECT: direct, SUPPORT: support };
