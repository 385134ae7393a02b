import { invalid } from '../../errors.ts';
import { isText, normalForm } from '../policy/text.ts';

const maxCharacters = 1024;

/** Returns the topic trimmed; null if it is empty. Throws INVALID. */
export function parseRoomTopic(text: string | null | undefined): string | null {
  const topic = text && normalForm(text);
  if (!topic) return null;
  if (!isText(topic))
    throw invalid(
      'A topic cannot contain control characters other than newline and tab. Remove them.',
      'topic',
    );
  if ([...topic].length > maxCharacters)
    throw invalid(`A topic has at most ${maxCharacters} characters.`, 'topic');
  return topic;
}
