import { invalid } from '../../errors.ts';
import { isOneLine, isVisible, nameKeyOf, normalForm } from '../policy/text.ts';

const maxCharacters = 64;

export interface RoomName {
  /** Trimmed and in normal form. */
  readonly name: string;
  /** Names that look alike have the same key; see `Conversation.nameKey`. */
  readonly nameKey: string;
}

/** Parses a name: one line of 1 to 64 characters after trimming. Throws INVALID. */
export function parseRoomName(text: string): RoomName {
  const name = normalForm(text);
  const nameKey = nameKeyOf(name);
  if (!isOneLine(name))
    throw invalid(
      'A room name cannot contain control characters or line breaks. Remove them.',
      'name',
    );
  if (!isVisible(name) || [...name].length > maxCharacters)
    throw invalid(
      `A room name has 1 to ${maxCharacters} characters, at least one of them visible.`,
      'name',
    );
  return { name, nameKey };
}
