import { lettersOf, readingsOf } from './name-readings.ts';

/** The usernames of deleted accounts start with this. */
export const deletedUsernamePrefix = 'deleted-';
/** The usernames of guests start with this. */
export const guestUsernamePrefix = 'guest-';
/** The display name of every deleted account. */
export const deletedDisplayName = 'Deleted user';

const reservedStart = /^(deleted|guest)[_.-]/;

/** Names that readers take for a group of users. They mention nobody. */
const groupNames: readonly string[] = ['all', 'channel', 'everybody', 'everyone', 'here'];

/** Words that make readers take a user for an operator of the server, wherever they stand. */
const titles = wordsOf(
  'admin admins administrator administrators moderator moderators official sysadmin webmaster',
);

/** Words that name the operators of the server, or a part of it, if no other word stands there. */
const offices = wordsOf(
  'causerie helpdesk mod mods moderation security staff support system customerservice',
);

/** Words that change nothing about that. */
const fillers = wordsOf(
  'account bot center centre chat client customer desk help our room server service services team the user users',
);

const groups = wordsOf(...groupNames);
const deleted = wordsOf('deleted deletedaccount deleteduser');
const guest = wordsOf('guest');

function wordsOf(...lists: string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.split(' ')).map(lettersOf));
}

const isOnly = (names: ReadonlySet<string>, [word, ...others]: readonly string[]): boolean =>
  word !== undefined && names.has(word) && others.length === 0;

/**
 * Whether readers take a user with such a name for an operator, a part of the server, a group of
 * users or a deleted account.
 */
function isDeceptive(words: readonly string[]): boolean {
  if (words.some((word) => titles.has(word))) return true;
  if (isOnly(groups, words) || isOnly(deleted, words)) return true;
  return (
    words.some((word) => offices.has(word)) &&
    words.every((word) => offices.has(word) || fillers.has(word))
  );
}

/**
 * Whether users cannot choose this username, which is in its stored form, because it could deceive
 * others. `_ad.min-` and `adm1n` count as `admin`.
 */
export const isReservedUsername = (username: string): boolean =>
  reservedStart.test(username) ||
  readingsOf(username).some((words) => isDeceptive(words) || isOnly(guest, words));

export const isGroupName = (username: string): boolean => groupNames.includes(username);

/** Whether a display name could be taken for that of a deleted account. */
export const isDeletedName = (name: string): boolean =>
  readingsOf(name).some((words) => isOnly(deleted, words));

/** Whether only admins can choose this display name, because it could deceive others. */
export const isReservedDisplayName = (name: string): boolean => readingsOf(name).some(isDeceptive);
