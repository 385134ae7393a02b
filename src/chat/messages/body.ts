import { invalid } from '../../errors.ts';
import type { Scope } from '../../scope.ts';
import { isText } from '../policy/text.ts';
import { filterWords } from '../policy/word-filter.ts';

/** What somebody wrote, as it is stored: checked, and without words that are not allowed here. For sends and edits alike. Throws INVALID. */
export const readBody = (scope: Scope, text: string): string =>
  filterWords(scope, checkBody(text, scope.node.config.limits.messageMaxCharacters), 'body');

/** The text trimmed, its lines ended by \n, 1 to `maxCharacters` long, counted as code points. Throws INVALID. */
export function checkBody(text: string, maxCharacters: number): string {
  const body = text.replaceAll('\r\n', '\n').trim();
  if (!isText(body))
    throw invalid(
      'A message holds no control characters but newline and tab, and no broken ones. Remove them.',
      'body',
    );
  if (body === '') throw invalid('A message has at least 1 character that is not a space.', 'body');
  const characters = [...body].length;
  if (characters > maxCharacters)
    throw invalid(
      `A message has at most ${maxCharacters} characters; this one has ${characters}. Send it in parts.`,
      'body',
    );
  return body;
}
