import { invalid } from '../../errors.ts';

const maxCharacters = 500;
/** Control characters but newline and tab, and halves of characters, which PostgreSQL refuses to store. */
const unfit = /(?![\n\t])\p{Cc}|\p{Cs}/u;

/** Why somebody does something, trimmed; null when nothing is said. Throws INVALID. */
export function readReason(text: string | null | undefined): string | null {
  const reason = text?.normalize('NFC').trim();
  if (!reason) return null;
  if (unfit.test(reason))
    throw invalid(
      'A reason must not contain control characters but newline and tab; remove them.',
      'reason',
    );
  if ([...reason].length > maxCharacters)
    throw invalid(`A reason has at most ${maxCharacters} characters.`, 'reason');
  return reason;
}

/** When something that is imposed ends. Throws INVALID. */
export function checkEnd(until: Date): Date {
  if (!(until > new Date())) throw invalid('`until` must lie in the future.', 'until');
  return until;
}
