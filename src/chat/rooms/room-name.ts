import { invalid } from '../../errors.ts';
import { isSound } from '../people/names.ts';

const maxCharacters = 64;

export interface RoomName {
  /** Trimmed and in normal form. */
  readonly name: string;
  /** The same for all names that look the same; see `Conversation.nameKey`. */
  readonly nameKey: string;
}

/** One line of 1 to 64 characters after trimming. Throws INVALID. */
export function readRoomName(text: string): RoomName {
  const name = text.normalize('NFC').trim();
  const nameKey = nameKeyOf(name);
  if (!isSound(name))
    throw invalid(
      'A room name must not contain control characters or line breaks; remove them.',
      'name',
    );
  if (nameKey === '' || [...name].length > maxCharacters)
    throw invalid(`A room name has 1 to ${maxCharacters} characters, and can be seen.`, 'name');
  return { name, nameKey };
}

/** The name without what cannot be seen: case, forms of one character, kinds and runs of spaces, characters of no width. */
export const nameKeyOf = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
