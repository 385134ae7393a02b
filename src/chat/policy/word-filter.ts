import { invalid } from '../../errors.ts';
import type { Scope } from '../../scope.ts';

/** The position of a forbidden word in a text. */
interface Found {
  readonly from: number;
  /** The index after its last character. */
  readonly to: number;
}

export type WordFinder = (text: string) => Found[];

/** All words, as a tree of letters. */
interface Trie {
  readonly next: Map<string, Trie>;
  isWord: boolean;
}

const ignorable = /\p{Default_Ignorable_Code_Point}/gu;
/** A letter with its marks and the invisible characters after it; or such characters alone. */
const clusters =
  /[^\p{M}\p{Default_Ignorable_Code_Point}][\p{M}\p{Default_Ignorable_Code_Point}]*|[\p{M}\p{Default_Ignorable_Code_Point}]+/gu;
const partOfWord = /[\p{L}\p{N}\p{M}]/u;
/** Scripts without spaces between words, where a word can begin at every letter. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * Removes differences between forms of a letter: case, width, invisible characters, kind of space.
 */
const fold = (text: string): string =>
  text
    .replace(ignorable, '')
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/\s/gu, ' ');

/** Finds words in a text in any spelling: from left to right, the longest word at each position. */
export function createWordFinder(words: readonly string[]): WordFinder {
  const root: Trie = { next: new Map(), isWord: false };
  for (const word of words) {
    const letters = [...fold(word).replace(/ +/g, ' ').trim()];
    if (letters.length === 0) continue;
    let trie = root;
    for (const letter of letters) trie = trie.next.get(letter) ?? grow(trie, letter);
    trie.isWord = true;
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

/** The folded letters, each with its position in the original text. Several spaces count as one. */
function lettersOf(text: string): Letter[] {
  const letters: Letter[] = [];
  for (const { 0: cluster, index } of text.matchAll(clusters))
    for (const letter of fold(cluster))
      if (letter !== ' ' || letters.at(-1)?.letter !== ' ')
        letters.push({ letter, from: index, to: index + cluster.length });
  return letters;
}

/**
 * The index of the last letter of the longest word that begins at `start`; undefined if there is
 * none.
 */
function longestFrom(letters: readonly Letter[], start: number, root: Trie): number | undefined {
  let longest: number | undefined;
  let trie: Trie | undefined = root;
  for (let index = start; trie && index < letters.length; index++) {
    trie = trie.next.get(letters[index]!.letter);
    if (trie?.isWord && isBoundary(letters, index + 1)) longest = index;
  }
  return longest;
}

/** Whether a word may begin at this index, or end before it. */
function isBoundary(letters: readonly Letter[], index: number): boolean {
  const sides = [letters[index - 1]?.letter, letters[index]?.letter];
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

/** Whether a text contains a forbidden word. */
export const hasForbiddenWord = (scope: Scope, text: string): boolean =>
  scope.node.services.findWords(text).length > 0;

/**
 * For names that are used to find something: throws INVALID if the name contains a forbidden word.
 */
export function refuseWords(scope: Scope, text: string, field: string): string {
  const [first] = scope.node.services.findWords(text);
  if (first)
    throw invalid(
      `“${text.slice(first.from, first.to)}” is not allowed here. Choose other words.`,
      field,
    );
  return text;
}

/**
 * For texts: replaces the letters of forbidden words with asterisks, or throws INVALID if
 * WORD_FILTER_MODE is `refuse`.
 */
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
