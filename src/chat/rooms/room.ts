import { joinFirst } from '../conversations/access.ts';
import type { Kind } from '../conversations/kinds.ts';
import { abandonRoom } from './abandon-room.ts';
import { banned, viewerBan } from './bans.ts';
import { archived } from './rooms.ts';

/**
 * A named conversation of many users. Public rooms are open to every signed-in user; members have
 * joined or were invited.
 */
export const room: Kind = {
  typeName: 'Room',
  isOpenTo: (_scope, { visibility }) => visibility === 'PUBLIC',
  async standIn(scope, { id }) {
    const ban = await viewerBan.load(scope, id);
    throw ban ? banned(ban) : joinFirst();
  },
  readOnly: archived,
  isModerated: true,
  showsReading: false,
  readUpTo: async () => 0,
  notifies: { of: 'mentions', type: 'mention' },
  defaultLevel: () => 'MENTIONS',
  retentionDays: ({ ROOM_RETENTION_DAYS }) => ROOM_RETENTION_DAYS,
  abandon: abandonRoom,
  sql: {
    isOpen: () => `visibility = 'PUBLIC'`,
  },
};
