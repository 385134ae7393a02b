import { isGroupName } from '../people/reserved-names.ts';

/** The number of users that a message can mention. */
export const mentionsMax = 50;
/** The number of usernames that are looked up for a message. */
const namesMax = 200;
const nameMaxCharacters = 32;

/**
 * Scripts without spaces between words, and Hangul, whose particles follow a name without a space:
 * `请@bob看`, `@bob님`.
 */
const unspaced = String.raw`[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]`;
const letter = String.raw`(?:(?!${unspaced})[\p{L}\p{N}\p{M}])`;
/**
 * A run of the characters before the @ of an e-mail address, in any alphabet. An emoji ends with a
 * mark, so no run starts with one.
 */
const local = String.raw`(?:(?!${unspaced})[\p{L}\p{N}_.%+-])(?:(?!${unspaced})[\p{L}\p{N}\p{M}_.%+-])*`;
/** A link ends at a space, a bracket, a quotation mark or CJK punctuation. */
const inLink = String.raw`[^\s<>"\x60\u2018-\u201d\u2026\u3000-\u303f\uff00-\uff65]`;

/**
 * The parts of a body, tried in this order at each position. Only the last one is a mention; the
 * others contain none. `(?=(…))\k` matches a run as a whole, so that the work is linear [P13].
 */
const parts = new RegExp(
  [
    // Code: a fence of three or more backticks, which may stay open to the end, or one or two
    // backticks within a line.
    '(?<!`)`{3,}(?!`)[^]*?`{3,}',
    '(?<=^|\\n)`{3,}(?!`)[^]*$',
    '(?<!`)`(?!`)[^\\n]*?(?<!`)`(?!`)',
    '(?<!`)``(?!`)[^\\n]*?(?<!`)``(?!`)',
    // A link with a scheme, or a host name with a dot and a path.
    String.raw`(?=(?<scheme>(?:${local})?:\/\/))\k<scheme>${inLink}*`,
    String.raw`(?=(?<host>(?!\p{M})${letter}(?:${letter}|-)*(?:\.(?:${letter}|-)+)+(?::\d+)?\/))\k<host>${inLink}*`,
    // Punctuation before an @ does not make an e-mail address: `_@bob_`.
    '[_.%+-]+(?=@)',
    // An e-mail address, or an address with two @.
    String.raw`@?(?=(?<address>${local}@))\k<address>(?:${local})?`,
    // Any other word.
    local,
    // A path, and a doubled @.
    String.raw`\/@+(?:${local})?`,
    `@@+(?:${local})?`,
    String.raw`@(?<name>[A-Za-z0-9_.-]+)(?<more>${letter})?(?:\/(?=@))?`,
  ].join('|'),
  'gu',
);

/**
 * The mentions of a body in their order, each as the usernames that it can be read as, in lower
 * case and with the longest first. The first of them that exists is mentioned. docs/protocol.md has
 * the rule.
 */
export function findMentions(body: string): string[][] {
  if (!body.includes('@')) return [];
  const mentions = new Map<string, string[]>();
  let count = 0;
  for (const { groups } of body.matchAll(parts)) {
    const { name, more } = groups!;
    if (name === undefined) continue;
    const names = readings(name.toLowerCase(), more !== undefined);
    if (names.length === 0 || mentions.has(names[0]!)) continue;
    count += names.length;
    if (count > namesMax) break;
    mentions.set(names[0]!, names);
    if (mentions.size === mentionsMax) break;
  }
  return [...mentions.values()];
}

/**
 * The usernames that characters after an @ can be read as. A username never ends inside a word, or
 * with the dot of a sentence.
 */
function readings(characters: string, hasMore: boolean): string[] {
  const names: string[] = [];
  for (let end = Math.min(characters.length, nameMaxCharacters); end >= 2; end--) {
    const isEndOfWord = end === characters.length ? !hasMore : /[_.-]/.test(characters[end]!);
    const name = characters.slice(0, end);
    if (isEndOfWord && !name.endsWith('.') && !isGroupName(name)) names.push(name);
  }
  return names;
}
