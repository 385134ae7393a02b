import { invalid } from '../../errors.ts';
import { isText, normalForm } from '../policy/text.ts';

const maxCharacters = 500;

/** Returns the reason trimmed; null if it is empty. Throws INVALID. */
export function parseReason(text: string | null | undefined): string | null {
  const reason = text && normalForm(text);
  if (!reason) return null;
  if (!isText(reason))
    throw invalid(
      'A reason cannot contain control characters other than newline and tab. Remove them.',
      'reason',
    );
  if ([...reason].length > maxCharacters)
    throw invalid(`A reason has at most ${maxCharacters} characters.`, 'reason');
  return reason;
}

/** Checks the end of a ban or a mute. Throws INVALID. */
export function checkEnd(until: Date): Date {
  if (!(until > new Date())) throw invalid('`until` must be in the future.', 'until');
  return until;
}
