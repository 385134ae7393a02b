import { z } from 'zod';
import { onOrOff, retentionDays } from './setting-types.ts';

/** The settings of rooms and conversations, and how long they are kept: see `settings`. */
export const chatSettings = {
  GUEST_SUPPORT: onOrOff
    .default('off')
    .describe('Whether guests have a support conversation, like users with an account.'),
  INVITATIONS: z
    .enum(['add', 'ask'])
    .default('add')
    .describe(
      'What `inviteToRoom` does: `add` makes the users members at once, `ask` makes invitations that they accept or decline.',
    ),
  USER_DIRECTORY: z
    .enum(['everyone', 'contacts', 'off'])
    .default('everyone')
    .describe(
      'The users that `users` lists to users who are not admins: `everyone`, `contacts` (users who share a conversation with them, other than the default room), or `off` for none. A search for an exact username always finds its user.',
    ),
  DEFAULT_ROOM: z
    .string()
    .trim()
    .max(64)
    .default('lobby')
    .describe(
      'The name of a public room that the server creates at the first start and that every new user joins. Empty: no such room.',
    ),
  WORD_FILTER: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The path of a file with forbidden words or phrases, one per line, in UTF-8. Lines that begin with `#` are comments. The server reads the file at start. It finds whole words, in upper and lower case, in messages, in names of rooms, users and files, and in topics.',
    ),
  WORD_FILTER_MODE: z
    .enum(['refuse', 'mask'])
    .default('refuse')
    .describe(
      'How the server treats a text with a forbidden word: `refuse` refuses the text, `mask` replaces the word with asterisks. Usernames and names of rooms are always refused.',
    ),
  EVENT_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(7)
    .describe(
      'The number of days for which events are kept. Clients can resume only within this time. Messages are kept separately.',
    ),
  NOTIFICATION_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(90)
    .describe(
      'The number of days for which notifications are kept, read or unread. Must be greater than `EVENT_RETENTION_DAYS`, because events refer to notifications.',
    ),
  ROOM_RETENTION_DAYS: retentionDays.describe(
    'The number of days for which messages in rooms are kept. `0` keeps them permanently. Older messages are deleted in the background, as if their authors had deleted them.',
  ),
  DIRECT_RETENTION_DAYS: retentionDays.describe(
    'The number of days for which messages in direct conversations are kept. `0` keeps them permanently.',
  ),
  SUPPORT_RETENTION_DAYS: retentionDays.describe(
    'The number of days for which messages in support conversations are kept. `0` keeps them permanently.',
  ),
  DELETED_ACCOUNTS_MESSAGES: z
    .enum(['keep', 'delete'])
    .default('keep')
    .describe(
      'What happens to the messages and reactions of deleted accounts and removed guests: `keep` shows them as those of a deleted user, `delete` deletes them.',
    ),
} as const;
