import { isJoined, wordsOf, type Word } from './words.ts';

/** Words that stand next to each other in a message. */
export interface Phrase {
  readonly words: readonly Word[];
  /** Whether the last word may be the beginning of a longer one. */
  readonly isOpen: boolean;
}

/** A message is found if it contains all phrases in `included` and none in `excluded`. */
export interface Alternative {
  readonly included: readonly Phrase[];
  readonly excluded: readonly Phrase[];
}

const term = /(-?)"([^"]*)("?)|(\S+)/g;

/**
 * Parses what a user searches for: words, `"words in quotes"`, `or` between alternatives, and `-`
 * in front of what is excluded. The last word is open while the user is still typing it.
 */
export function parseSearch(query: string): Alternative[] {
  const alternatives: { included: Phrase[]; excluded: Phrase[] }[] = [
    { included: [], excluded: [] },
  ];
  const terms = [...query.matchAll(term)];
  for (const [index, [whole, minus, quoted, , bare]] of terms.entries()) {
    const isBetween = index > 0 && index < terms.length - 1;
    if (isBetween && bare?.toLowerCase() === 'or') {
      alternatives.push({ included: [], excluded: [] });
      continue;
    }
    const isExcluded = minus === '-' || bare?.startsWith('-') === true;
    const text = quoted ?? bare!;
    const words = wordsOf(text);
    const last = words.at(-1);
    if (!last) continue;
    const isTyped =
      bare !== undefined && !isExcluded && terms.length - 1 === index && query.endsWith(whole);
    const isOpen = isTyped && last.to === text.length && last.text.length >= 2;
    alternatives.at(-1)![isExcluded ? 'excluded' : 'included'].push({ words, isOpen });
  }
  return alternatives.filter(
    ({ included, excluded }) => included.length > 0 || excluded.length > 0,
  );
}

/** Whether each alternative has a word that a message must contain. */
export const isSelective = (alternatives: readonly Alternative[]): boolean =>
  alternatives.length > 0 && alternatives.every(({ included }) => included.length > 0);

/** The search as PostgreSQL's `tsquery`. Its words have no characters that need an escape. */
export const tsqueryOf = (alternatives: readonly Alternative[]): string =>
  alternatives
    .map(({ included, excluded }) =>
      [...included.map(operandOf), ...excluded.map((phrase) => `!${operandOf(phrase)}`)].join(
        ' & ',
      ),
    )
    .join(' | ');

function operandOf({ words, isOpen }: Phrase): string {
  let operand = '';
  let previous = 0;
  for (const [index, word] of words.entries()) {
    const next = words[index + 1];
    const isLastOfRun = index > 0 && isJoined(words[index - 1]!, word) && !isJoined(word, next);
    // The pair before contains it.
    if (isLastOfRun) continue;
    const isPrefix = isJoined(word, next) ? false : word.isUnspaced || (isOpen && !next);
    const lexeme = isJoined(word, next) ? word.text + next.text : word.text;
    if (operand !== '') operand += ` <${index - previous}> `;
    operand += `'${lexeme}'${isPrefix ? ':*' : ''}`;
    previous = index;
  }
  return `(${operand})`;
}

/** PostgreSQL keeps no more positions of a word. */
const maxPositions = 255;

/**
 * The words of a message as PostgreSQL's `tsvector`, with their positions. Of a script without
 * spaces, pairs of letters are words, and the last letter of a run. The server builds it, because
 * the parsers of PostgreSQL take links and paths for one word and depend on the locale.
 */
export function tsvectorOf(body: string): string {
  const positions = new Map<string, number[]>();
  const add = (lexeme: string, position: number) => {
    const known = positions.get(lexeme);
    if (!known) positions.set(lexeme, [position]);
    else if (known.length < maxPositions && known.at(-1) !== position) known.push(position);
  };
  const words = wordsOf(body);
  for (const [index, word] of words.entries()) {
    const next = words[index + 1];
    add(isJoined(word, next) ? word.text + next.text : word.text, index + 1);
    for (const part of word.parts) add(part, index + 1);
  }
  return [...positions].map(([lexeme, at]) => `'${lexeme}':${at.join(',')}`).join(' ');
}
