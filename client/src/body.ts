// The text of a message in parts, for display. docs/protocol.md has the rule for mentions, which
// the server follows too.

export type BodyPart<User> =
  | { readonly type: 'text'; readonly text: string }
  /** `text` is without backticks. `isBlock`: it stood between three or more of them. */
  | { readonly type: 'code'; readonly text: string; readonly isBlock: boolean }
  /** An http or https address. */
  | { readonly type: 'link'; readonly text: string }
  /** `text` is the username as it is written, with its @. */
  | { readonly type: 'mention'; readonly text: string; readonly user: User };

const nameMaxCharacters = 32;

/**
 * Scripts without spaces between words, and Hangul, whose particles follow a name without a space.
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
 * The parts of a body, tried in this order at each position. `(?=(…))\k` matches a run as a whole,
 * so that the work is linear.
 */
const parts = new RegExp(
  [
    '(?<!`)(?<fence>`{3,})(?!`)(?<block>[^]*?)`{3,}',
    '(?<=^|\\n)`{3,}(?!`)(?<openBlock>[^]*)$',
    '(?<!`)`(?!`)(?<code>[^\\n]*?)(?<!`)`(?!`)',
    '(?<!`)``(?!`)(?<code2>[^\\n]*?)(?<!`)``(?!`)',
    String.raw`(?=(?<scheme>(?:${local})?:\/\/))\k<scheme>(?<path>${inLink}*)`,
    String.raw`(?=(?<host>(?!\p{M})${letter}(?:${letter}|-)*(?:\.(?:${letter}|-)+)+(?::\d+)?\/))\k<host>${inLink}*`,
    '[_.%+-]+(?=@)',
    String.raw`@?(?=(?<address>${local}@))\k<address>(?:${local})?`,
    local,
    String.raw`\/@+(?:${local})?`,
    `@@+(?:${local})?`,
    String.raw`@(?<name>[A-Za-z0-9_.-]+)(?<more>${letter})?(?:\/(?=@))?`,
  ].join('|'),
  'gu',
);
const link = /https?:\/\/\S*[^\s.,;:!?)'\]}*_~]/i;

/**
 * The parts of a message's `body` in their order; together they are the body, except for the
 * backticks around code. `mentions` are those of the message.
 */
export function bodyParts<User extends { readonly username: string }>(
  body: string,
  mentions: readonly User[],
): BodyPart<User>[] {
  const found: BodyPart<User>[] = [];
  let end = 0;
  const add = (part: BodyPart<User>, from: number, to: number) => {
    if (from > end) found.push({ type: 'text', text: body.slice(end, from) });
    found.push(part);
    end = to;
  };
  for (const { 0: whole, index, groups } of body.matchAll(parts)) {
    const { block, openBlock, code, code2, path, name, more } = groups!;
    const text = block ?? openBlock ?? code ?? code2;
    if (text !== undefined) {
      const isBlock = (block ?? openBlock) !== undefined;
      add({ type: 'code', text, isBlock }, index, index + whole.length);
    } else if (path !== undefined) {
      const address = link.exec(whole);
      if (!address) continue;
      const from = index + address.index;
      const balanced = withBrackets(address[0], whole.slice(address.index + address[0].length));
      add({ type: 'link', text: balanced }, from, from + balanced.length);
    } else if (name !== undefined) {
      const user = mentionedBy(name.toLowerCase(), more !== undefined, mentions);
      const to = index + 1 + (user?.username.length ?? 0);
      if (user) add({ type: 'mention', text: body.slice(index, to), user }, index, to);
    }
  }
  if (end < body.length) found.push({ type: 'text', text: body.slice(end) });
  return found;
}

/** The address with the closing brackets after it that it has opened, as in `…/Rome_(city)`. */
function withBrackets(address: string, after: string): string {
  const countOf = (bracket: string) => address.split(bracket).length - 1;
  const open = Math.max(0, countOf('(') - countOf(')'));
  const [closing] = /^\)*/.exec(after)!;
  return address + closing.slice(0, open);
}

/** The mentioned user with the longest name that the characters after an @ can be read as. */
function mentionedBy<User extends { readonly username: string }>(
  characters: string,
  hasMore: boolean,
  mentions: readonly User[],
): User | undefined {
  for (let end = Math.min(characters.length, nameMaxCharacters); end >= 2; end--) {
    const isEndOfWord = end === characters.length ? !hasMore : /[_.-]/.test(characters[end]!);
    const name = characters.slice(0, end);
    const user = isEndOfWord && mentions.find(({ username }) => username === name);
    if (user) return user;
  }
  return undefined;
}
