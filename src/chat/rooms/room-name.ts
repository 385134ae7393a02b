import { invalid } from '../../errors.ts';

const maxCharacters = 64;
/** Control characters, line breaks, and halves of characters, which PostgreSQL refuses to store. */
const unfit = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

export interface RoomName {
  /** As it was given, trimmed. */
  readonly name: string;
  /** The same for all names that look the same; see `Conversation.nameKey`. */
  readonly nameKey: string;
}

/** One line of 1 to 64 characters after trimming. Throws INVALID. */
export function readRoomName(text: string): RoomName {
  const name = text.trim();
  const nameKey = nameKeyOf(name);
  if (unfit.test(name)) throw invalid('A room name is one line, without control characters or broken ones.', 'name');
  if (nameKey === '' || [...name].length > maxCharacters) throw invalid(`A room name has 1 to ${maxCharacters} characters that can be seen.`, 'name');
  return { name, nameKey };
}

/** Without what cannot be seen: case, forms of one character, kinds and runs of spaces, characters of no width. */
export const nameKeyOf = (name: string): string =>
  name.normalize('NFKC').toLowerCase().normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '').replace(/\s+/gu, ' ').trim();
