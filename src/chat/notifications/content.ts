import { invalid } from '../../errors.ts';
import { checkBody } from '../messages/body.ts';
import { checkJson } from '../policy/json.ts';
import { isOneLine, isVisible, normalForm } from '../policy/text.ts';

/** The content of a notification, as requested. */
export interface ContentRequest {
  readonly title: string;
  readonly message: string;
  readonly data?: Record<string, unknown> | null;
}

const titleMaxCharacters = 200;
const messageMaxCharacters = 2000;
const typeMaxCharacters = 64;

/** The types that only this server uses. */
const ownTypes: readonly string[] = [
  'message_received',
  'mention',
  'support_reply',
  'message_reported',
  'user_reported',
  'room_invitation',
  'announcement',
];

/** Throws INVALID. */
export function checkType(type: string): string {
  if (type.length > typeMaxCharacters || !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(type))
    throw invalid(
      `A type is in snake_case, for example payment_completed, with at most ${typeMaxCharacters} characters.`,
      'type',
    );
  if (ownTypes.includes(type))
    throw invalid(`The type \`${type}\` is reserved for this server. Choose another.`, 'type');
  return type;
}

/** Returns the content in the form in which it is stored. Throws INVALID. */
export function checkContent({ title, message, data }: ContentRequest): {
  title: string;
  message: string;
  data: Record<string, unknown>;
} {
  const trimmed = normalForm(title);
  if (!isVisible(trimmed) || [...trimmed].length > titleMaxCharacters || !isOneLine(trimmed))
    throw invalid(
      `A title has 1 to ${titleMaxCharacters} characters on one line, at least one of them visible, without control characters.`,
      'title',
    );
  return { title: trimmed, message: checkMessage(message), data: checkJson(data ?? {}, 'data') };
}

function checkMessage(text: string): string {
  try {
    return checkBody(text, messageMaxCharacters);
  } catch (error) {
    throw invalid((error as Error).message, 'message');
  }
}
