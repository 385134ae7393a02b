import { isJoined, wordsOf, type Word } from './words.ts';

/** A piece of a text: either found words, or text between them. */
export interface Piece {
  readonly text: string;
  readonly isFound: boolean;
}

const term = /(-?)"([^"]*)"?|(\S+)/g;

/** Words that a search looks for next to each other. */
interface Phrase {
  readonly words: readonly Word[];
  /** Whether the last word may be the beginning of a longer one. */
  readonly isOpen: boolean;
}

/** The phrases that a search looks for. Excluded words and the operator `or` are left out. */
export function phrasesOf(query: string): Phrase[] {
  const phrases: Phrase[] = [];
  const terms = [...query.normalize('NFC').matchAll(term)];
  for (const [index, [whole, minus, quoted, bare]] of terms.entries()) {
    const isBetween = index > 0 && index < terms.length - 1;
    const isExcluded = minus || bare?.startsWith('-');
    if (isExcluded || (isBetween && bare?.toLowerCase() === 'or')) continue;
    const text = quoted ?? bare!;
    const words = wordsOf(text);
    const last = words.at(-1);
    if (!last) continue;
    const isTyped = bare !== undefined && index === terms.length - 1 && query.endsWith(whole);
    phrases.push({
      words,
      isOpen: isTyped && last.to === text.length && last.text.length >= 2,
    });
  }
  return phrases;
}

/**
 * Splits a text so that the words of the search can be highlighted. Joined, the pieces are the
 * text.
 */
export function piecesOf(text: string, query: string): Piece[] {
  const phrases = phrasesOf(query);
  const words = phrases.length === 0 ? [] : wordsOf(text);
  const pieces: Piece[] = [];
  let end = 0;
  for (let index = 0; index < words.length; index++) {
    const lengths = phrases
      .filter((phrase) => startsAt(words, index, phrase))
      .map((phrase) => phrase.words.length);
    if (lengths.length === 0) continue;
    const { from } = words[index]!;
    index += Math.max(...lengths) - 1;
    const { to } = words[index]!;
    if (from > end) pieces.push({ text: text.slice(end, from), isFound: false });
    pieces.push({ text: text.slice(from, to), isFound: true });
    end = to;
  }
  if (end < text.length || pieces.length === 0)
    pieces.push({ text: text.slice(end), isFound: false });
  return pieces;
}

function startsAt(words: readonly Word[], index: number, phrase: Phrase): boolean {
  return phrase.words.every((wanted, place) => {
    const word = words[index + place];
    const next = phrase.words[place + 1];
    if (word?.isUnspaced !== wanted.isUnspaced) return false;
    if (isJoined(wanted, next) && !isJoined(word, words[index + place + 1])) return false;
    const isOpen = phrase.isOpen && !next;
    return [word.text, ...word.parts].some((text) =>
      isOpen ? text.startsWith(wanted.text) : text === wanted.text,
    );
  });
}

const maxBefore = 80;
const maxLength = 320;

/** The part of a long text around the first found word. */
export function excerptOf(text: string, query: string): Piece[] {
  const pieces = piecesOf(text, query);
  const first = pieces.findIndex(({ isFound }) => isFound);
  const before = pieces[first - 1]?.text.length ?? 0;
  const from = before > maxBefore ? characterStart(text, before - maxBefore / 2) : 0;
  const to = from + maxLength < text.length ? characterStart(text, from + maxLength) : text.length;
  const shown = piecesOf(text.slice(from, to), query);
  return [
    ...(from > 0 ? [{ text: '…', isFound: false }] : []),
    ...shown,
    ...(to < text.length ? [{ text: '…', isFound: false }] : []),
  ];
}

/** The index, or the next one if it would split a surrogate pair. */
const characterStart = (text: string, index: number): number =>
  /[\udc00-\udfff]/.test(text[index] ?? '') ? index + 1 : index;
