/** A piece of a text: either found words, or text between them. */
export interface Piece {
  readonly text: string;
  readonly isFound: boolean;
}

const term = /(-?)"([^"]*)"?|(\S+)/g;
const word = /[\p{L}\p{N}\p{M}]+/gu;
const between = String.raw`[^\p{L}\p{N}\p{M}]+`;

/**
 * The phrases that a search looks for, each a list of adjacent words. Excluded words and the
 * operator `or` are left out.
 */
function phrasesOf(query: string): string[][] {
  const phrases: string[][] = [];
  for (const [, minus, quoted, bare] of query.matchAll(term)) {
    const isExcluded = minus || bare?.startsWith('-');
    if (isExcluded || bare?.toLowerCase() === 'or') continue;
    const words = (quoted ?? bare ?? '').match(word);
    if (words) phrases.push(words);
  }
  return phrases;
}

/**
 * Splits a text into pieces, so that the words of the search can be highlighted. Joined, the pieces
 * are the text.
 */
export function piecesOf(text: string, query: string): Piece[] {
  const phrases = phrasesOf(query);
  if (phrases.length === 0) return [{ text, isFound: false }];
  // Longer phrases first, so that they are highlighted as a whole.
  const alternatives = phrases
    .toSorted((one, other) => other.length - one.length)
    .map((words) => words.join(between));
  const found = new RegExp(
    String.raw`(?<![\p{L}\p{N}\p{M}])(?:${alternatives.join('|')})(?![\p{L}\p{N}\p{M}])`,
    'giu',
  );
  const pieces: Piece[] = [];
  let last = 0;
  for (const { 0: match, index } of text.matchAll(found)) {
    if (index > last) pieces.push({ text: text.slice(last, index), isFound: false });
    pieces.push({ text: match, isFound: true });
    last = index + match.length;
  }
  if (last < text.length) pieces.push({ text: text.slice(last), isFound: false });
  return pieces;
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
