import { invalid } from '../../errors.ts';
import { checkBody } from '../messages/body.ts';
import { isSound } from '../people/names.ts';

/** What a notification is to say. */
export interface ContentRequest {
  readonly title: string;
  readonly message: string;
  readonly data?: Record<string, unknown> | null;
}

const titleMaxCharacters = 200;
const messageMaxCharacters = 2000;
const dataMaxBytes = 8 * 1024;
const typeMaxCharacters = 64;

/** Those that are made here; no application gives them. */
const ownTypes: readonly string[] = [
  'message_received',
  'mention',
  'support_reply',
  'message_reported',
  'announcement',
];

/** Throws INVALID. */
export function checkType(type: string): string {
  if (type.length > typeMaxCharacters || !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(type))
    throw invalid(
      `A type is snake_case, e.g. payment_completed, at most ${typeMaxCharacters} characters long.`,
      'type',
    );
  if (ownTypes.includes(type))
    throw invalid(`\`${type}\` is a type that this server gives. Choose another.`, 'type');
  return type;
}

/** As it is stored. Throws INVALID. */
export function checkContent({ title, message, data }: ContentRequest): {
  title: string;
  message: string;
  data: Record<string, unknown>;
} {
  const trimmed = title.trim();
  if (trimmed === '' || [...trimmed].length > titleMaxCharacters || !isSound(trimmed))
    throw invalid(`A title has 1 to ${titleMaxCharacters} characters, on one line.`, 'title');
  return { title: trimmed, message: readMessage(message), data: checkData(data ?? {}) };
}

function readMessage(text: string): string {
  try {
    return checkBody(text, messageMaxCharacters);
  } catch (error) {
    throw invalid((error as Error).message, 'message');
  }
}

function checkData(data: Record<string, unknown>): Record<string, unknown> {
  const bytes = Buffer.byteLength(JSON.stringify(data));
  if (bytes > dataMaxBytes)
    throw invalid(
      `\`data\` has at most ${dataMaxBytes} bytes as JSON; this has ${bytes}. Store it elsewhere, and name it here.`,
      'data',
    );
  if (!isStorable(data))
    throw invalid(
      '`data` holds a NUL or a broken character, which cannot be stored. Remove it.',
      'data',
    );
  return data;
}

/** PostgreSQL refuses both in JSON. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !/\0|\p{Cs}/u.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, inner]) => isStorable(name) && isStorable(inner));
}
