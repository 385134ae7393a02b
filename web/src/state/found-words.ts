/** A piece of a text: words that were searched for, or what stands around them. */
export interface Piece {
  readonly text: string;
  readonly isFound: boolean;
}

const term = /(-?)"([^"]*)"?|(\S+)/g;
const word = /[\p{L}\p{N}\p{M}]+/gu;
const between = String.raw`[^\p{L}\p{N}\p{M}]+`;

/** What a search looks for: each a row of words beside each other. What must not be there, and `or`, is not among them. */
function wantedOf(query: string): string[][] {
  return [...query.matchAll(term)]
    .map(([, minus, quoted, bare]) =>
      minus || bare?.startsWith('-') || bare?.toLowerCase() === 'or' ? '' : (quoted ?? bare ?? ''),
    )
    .map((text) => text.match(word) ?? [])
    .filter((words) => words.length > 0);
}

/** The text in pieces, so that the words of the search can be marked; put together again, they are the text. */
export function piecesOf(text: string, query: string): Piece[] {
  const wanted = wantedOf(query);
  if (wanted.length === 0) return [{ text, isFound: false }];
  // The longer first, so that a row of words is marked as a whole.
  const rows = wanted
    .toSorted((one, other) => other.length - one.length)
    .map((words) => words.join(between));
  const found = new RegExp(
    String.raw`(?<![\p{L}\p{N}\p{M}])(?:${rows.join('|')})(?![\p{L}\p{N}\p{M}])`,
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

const mostBefore = 80;
const most = 320;

/** So much of a long text as shows what was found in it. */
export function excerptOf(text: string, query: string): Piece[] {
  const pieces = piecesOf(text, query);
  const first = pieces.findIndex(({ isFound }) => isFound);
  const before = pieces[first - 1]?.text.length ?? 0;
  const from = before > mostBefore ? wholeFrom(text, before - mostBefore / 2) : 0;
  const to = from + most < text.length ? wholeFrom(text, from + most) : text.length;
  const shown = piecesOf(text.slice(from, to), query);
  return [
    ...(from > 0 ? [{ text: '…', isFound: false }] : []),
    ...shown,
    ...(to < text.length ? [{ text: '…', isFound: false }] : []),
  ];
}

/** The same place, or right after it, so that no character is cut in two. */
const wholeFrom = (text: string, index: number): number =>
  /[\udc00-\udfff]/.test(text[index] ?? '') ? index + 1 : index;
