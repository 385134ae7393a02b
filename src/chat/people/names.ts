import { invalid } from '../../errors.ts';
import { isOneLine, isVisible, normalForm } from '../policy/text.ts';
import { isDeletedName, isReservedDisplayName, isReservedUsername } from './reserved-names.ts';

const username = /^[a-z0-9_.-]{2,32}$/;

/** The username in the form in which it is stored and looked up; undefined if it is not valid. */
export function normaliseUsername(text: string): string | undefined {
  const name = text.toLowerCase();
  return username.test(name) ? name : undefined;
}

/**
 * Checks the form of a new username. Throws INVALID. A final dot would be read as the end of a
 * sentence that mentions the user.
 */
export function checkUsername(text: string): string {
  const name = normaliseUsername(text);
  if (name === undefined || name.endsWith('.'))
    throw invalid(
      'A username has 2 to 32 characters: letters a-z, digits, and the characters _ . - It cannot end with a dot.',
      'username',
    );
  return name;
}

/** Throws INVALID for a username that could deceive other users, like `admin`. */
export function refuseReservedUsername(username: string): void {
  if (isReservedUsername(username))
    throw invalid(`The username ${username} is reserved. Choose another.`, 'username');
}

/**
 * Whether a name that is trimmed and in normal form has at most 64 characters, with at least one
 * visible character.
 */
export const isDisplayName = (name: string): boolean =>
  [...name].length <= 64 && isOneLine(name) && isVisible(name);

/**
 * Returns the name trimmed and in normal form. Throws INVALID, also for the name of deleted
 * accounts.
 */
export function checkDisplayName(text: string): string {
  const name = normalForm(text);
  if (!isDisplayName(name))
    throw invalid(
      'A display name has 1 to 64 characters, at least one of them visible, and no line breaks or control characters.',
      'displayName',
    );
  if (isDeletedName(name))
    throw invalid(
      'This display name is reserved for deleted accounts. Choose another.',
      'displayName',
    );
  return name;
}

/** Throws INVALID for a display name that could make others take the user for an operator. */
export function refuseReservedDisplayName(name: string): void {
  if (isReservedDisplayName(name))
    throw invalid(
      'Only admins can use this display name, because others could take you for one. Choose another.',
      'displayName',
    );
}

/** Whether a text is an http or https URL of at most 2048 characters. */
export const isAvatarUrl = (text: string): boolean =>
  text.length <= 2048 && /^https?:\/\/[^\s\p{C}]+$/iu.test(text) && URL.canParse(text);

/** Throws INVALID. */
export function checkAvatarUrl(text: string): string {
  if (text.length > 2048)
    throw invalid('The avatar URL is longer than 2048 characters. Use a shorter one.', 'avatarUrl');
  if (!isAvatarUrl(text))
    throw invalid(
      'The avatar URL must be an http or https URL, for example https://example.com/ann.png.',
      'avatarUrl',
    );
  return text;
}
