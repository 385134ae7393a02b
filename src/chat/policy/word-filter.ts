import { invalid } from '../../errors.ts';
import type { Scope } from '../../scope.ts';

/** Where a forbidden word stands in a text. */
interface Found {
  readonly from: number;
  /** Behind its last character. */
  readonly to: number;
}

export type WordFinder = (text: string) => Found[];

/** All words, letter by letter. */
interface Trie {
  readonly next: Map<string, Trie>;
  isWord: boolean;
}

const ignorable = /\p{Default_Ignorable_Code_Point}/gu;
/** A letter with all that is written on and around it; or such marks alone. */
const clusters =
  /[^\p{M}\p{Default_Ignorable_Code_Point}][\p{M}\p{Default_Ignorable_Code_Point}]*|[\p{M}\p{Default_Ignorable_Code_Point}]+/gu;
const partOfWord = /[\p{L}\p{N}\p{M}]/u;
/** Scripts that put no space between words: there every place may be the beginning of one. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** What forms of one letter have in common: case, width, what cannot be seen. A space is a space. */
const fold = (text: string): string =>
  text
    .replace(ignorable, '')
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/\s/gu, ' ');

/** Finds words in a text, however they are written: the longest at each place, from left to right. */
export function createWordFinder(words: readonly string[]): WordFinder {
  const root: Trie = { next: new Map(), isWord: false };
  for (const word of words) {
    const letters = [...fold(word).replace(/ +/g, ' ').trim()];
    if (letters.length > 0)
      letters.reduce((trie, letter) => trie.next.get(letter) ?? grow(trie, letter), root).isWord =
        true;
  }
  return (text) => (root.next.size === 0 ? [] : findIn(text, root));
}

function grow(trie: Trie, letter: string): Trie {
  const grown: Trie = { next: new Map(), isWord: false };
  trie.next.set(letter, grown);
  return grown;
}

interface Letter extends Found {
  readonly letter: string;
}

function findIn(text: string, root: Trie): Found[] {
  const letters = lettersOf(text);
  const found: Found[] = [];
  for (let start = 0; start < letters.length;) {
    const end = isBoundary(letters, start) ? longestFrom(letters, start, root) : undefined;
    if (end !== undefined) found.push({ from: letters[start]!.from, to: letters[end]!.to });
    start = (end ?? start) + 1;
  }
  return found;
}

/** The folded text, each letter with the place it has in the text as written; several spaces are one. */
function lettersOf(text: string): Letter[] {
  const letters: Letter[] = [];
  for (const { 0: cluster, index } of text.matchAll(clusters))
    for (const letter of fold(cluster))
      if (letter !== ' ' || letters.at(-1)?.letter !== ' ')
        letters.push({ letter, from: index, to: index + cluster.length });
  return letters;
}

/** The last letter of the longest word that begins here. */
function longestFrom(letters: readonly Letter[], start: number, root: Trie): number | undefined {
  let longest: number | undefined;
  let trie: Trie | undefined = root;
  for (let place = start; trie && place < letters.length; place++) {
    trie = trie.next.get(letters[place]!.letter);
    if (trie?.isWord && isBoundary(letters, place + 1)) longest = place;
  }
  return longest;
}

/** Whether a word may begin at this place, or the one before it end. */
function isBoundary(letters: readonly Letter[], place: number): boolean {
  const sides = [letters[place - 1]?.letter, letters[place]?.letter];
  return sides.some(
    (letter) => letter === undefined || !partOfWord.test(letter) || unspaced.test(letter),
  );
}

declare module '../../scope.ts' {
  interface Services {
    /** Finds the words of FORBIDDEN_WORDS. */
    readonly findWords: WordFinder;
  }
}

/** Whether a text has a word that is not allowed here. */
export const hasForbiddenWord = (scope: Scope, text: string): boolean =>
  scope.node.services.findWords(text).length > 0;

/** For names by which something is found: throws INVALID when it has a word that is not allowed here. */
export function refuseWords(scope: Scope, text: string, field: string): string {
  const [first] = scope.node.services.findWords(text);
  if (first)
    throw invalid(
      `“${text.slice(first.from, first.to)}” is not allowed here. Choose other words.`,
      field,
    );
  return text;
}

/** For texts: what may be stored of it, with asterisks for the letters of words that are not allowed. Throws INVALID where such texts are refused. */
export function filterWords(scope: Scope, text: string, field: string): string {
  if (scope.node.config.WORD_FILTER_MODE === 'refuse') return refuseWords(scope, text, field);
  let filtered = '';
  let done = 0;
  for (const { from, to } of scope.node.services.findWords(text)) {
    filtered +=
      text.slice(done, from) +
      text.slice(from, to).replace(clusters, (cluster) => (/^\s/u.test(cluster) ? cluster : '*'));
    done = to;
  }
  return filtered + text.slice(done);
}
