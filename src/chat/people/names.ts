import { invalid } from '../../errors.ts';

/** What PostgreSQL refuses (NUL, lone surrogates), what breaks a line, and what turns the direction of the text after it. */
const unsound = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u{202A}-\u{202E}\u{2066}-\u{2069}]/u;
const invisible = /\p{Default_Ignorable_Code_Point}/gu;
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;
const username = /^[a-z0-9_.-]{2,32}$/;

export const isSound = (text: string): boolean => !unsound.test(text);

/** The username as it is stored and looked up; undefined when nobody can have it. */
export function normaliseUsername(text: string): string | undefined {
  const name = text.toLowerCase();
  return username.test(name) ? name : undefined;
}

/** Throws INVALID. */
export function checkUsername(text: string): string {
  const name = normaliseUsername(text);
  if (name === undefined)
    throw invalid(
      'A username has 2 to 32 characters, each a letter a-z, a digit, or one of _ . -',
      'username',
    );
  return name;
}

/** 1 to 64 characters, at least one of which can be seen, trimmed and in normal form. */
export const isDisplayName = (name: string): boolean =>
  [...name].length <= 64 && isSound(name) && visible.test(name.replace(invisible, ''));

/** Trimmed and in normal form. Throws INVALID. */
export function checkDisplayName(text: string): string {
  const name = text.normalize('NFC').trim();
  if (!isDisplayName(name))
    throw invalid(
      'A display name has 1 to 64 characters that can be seen, without line breaks or control characters.',
      'displayName',
    );
  return name;
}

/** Throws INVALID. */
export function checkAvatarUrl(text: string): string {
  if (text.length > 2048)
    throw invalid('The avatar URL is longer than 2048 characters; use a shorter one.', 'avatarUrl');
  if (!/^https?:\/\/[^\s\p{C}]+$/iu.test(text) || !URL.canParse(text))
    throw invalid(
      'The avatar URL must be an http or https URL, like https://example.com/ann.png',
      'avatarUrl',
    );
  return text;
}
