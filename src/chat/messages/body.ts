import { invalid } from '../../errors.ts';
import type { Scope } from '../../scope.ts';
import { isText, isVisible, normalForm } from '../policy/text.ts';
import { filterWords } from '../policy/word-filter.ts';

/**
 * The body as it is stored: checked, and with the word filter applied. For sends and edits. Only a
 * message with attachments may have an empty body. Throws INVALID.
 */
export function prepareBody(
  scope: Scope,
  text: string,
  { mayBeEmpty }: { readonly mayBeEmpty: boolean },
): string {
  if (mayBeEmpty && text.trim() === '') return '';
  return filterWords(scope, checkBody(text, scope.node.config.limits.messageMaxCharacters), 'body');
}

/**
 * The text composed (NFC) and trimmed, with \n as line end. It has 1 to `maxCharacters` code
 * points, at least one of them visible. Throws INVALID.
 */
export function checkBody(text: string, maxCharacters: number): string {
  const body = normalForm(text.replaceAll('\r\n', '\n'));
  if (!isText(body))
    throw invalid(
      'A message must not contain control characters other than newline and tab, or invalid characters. Remove them.',
      'body',
    );
  if (!isVisible(body)) throw invalid('A message has at least 1 visible character.', 'body');
  const characters = [...body].length;
  if (characters > maxCharacters)
    throw invalid(
      `A message has at most ${maxCharacters} characters; this one has ${characters}. Shorten it, or send it in parts.`,
      'body',
    );
  return body;
}
