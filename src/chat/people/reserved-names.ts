/** The usernames of deleted accounts start with this. */
export const deletedUsernamePrefix = 'deleted-';
/** The usernames of guests start with this. */
export const guestUsernamePrefix = 'guest-';
/** The display name of every deleted account. */
export const deletedDisplayName = 'Deleted user';

const reservedStart = /^(deleted|guest)[_.-]/;

/** Names that readers take for a group of users. They mention nobody. */
const groupNames: readonly string[] = ['all', 'channel', 'everybody', 'everyone', 'here'];

/**
 * Names that readers take for the operators of the server, for a part of it, or for a group of
 * users.
 */
const reservedUsernames: ReadonlySet<string> = new Set([
  ...groupNames,
  'admin',
  'administrator',
  'administrators',
  'admins',
  'causerie',
  'deleted',
  'guest',
  'moderator',
  'moderators',
  'official',
  'security',
  'support',
  'system',
]);

/**
 * Whether users cannot choose this username, which is in its stored form, because it could deceive
 * others. `_ad.min-` counts as `admin`.
 */
export const isReservedUsername = (username: string): boolean =>
  reservedUsernames.has(username.replace(/[_.-]/g, '')) || reservedStart.test(username);

export const isGroupName = (username: string): boolean => groupNames.includes(username);

/**
 * Whether a display name looks like that of deleted accounts: also in other case, width or spacing.
 */
export function isReservedDisplayName(name: string): boolean {
  const key = name
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .toLowerCase();
  return key === deletedDisplayName.toLowerCase();
}
