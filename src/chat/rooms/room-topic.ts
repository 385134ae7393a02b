import { invalid } from '../../errors.ts';

const maxCharacters = 1024;
/** Control characters but newline and tab, and halves of characters, which PostgreSQL refuses to store. */
const unfit = /(?![\n\t])\p{Cc}|\p{Cs}/u;

/** What a room is about, trimmed; null when that leaves nothing. Throws INVALID. */
export function readRoomTopic(text: string | null | undefined): string | null {
  const topic = text?.normalize('NFC').trim();
  if (!topic) return null;
  if (unfit.test(topic))
    throw invalid(
      'A topic must not contain control characters but newline and tab; remove them.',
      'topic',
    );
  if ([...topic].length > maxCharacters)
    throw invalid(`A topic has at most ${maxCharacters} characters.`, 'topic');
  return topic;
}
