import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBody } from '../../src/chat/messages/body.ts';
import { Refusal } from '../../src/errors.ts';

const max = 4000;
const read = (text: string) => {
  try {
    return checkBody(text, max);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'INVALID' && error.extensions.field === 'body')
      return undefined;
    throw error;
  }
};

describe('the body of a message', () => {
  it.each([
    ['is trimmed', '  hello \n', 'hello'],
    ['keeps newlines and tabs inside', 'a\n\tb', 'a\n\tb'],
    ['ends its lines by \\n', 'a\r\nb\r\n\r\nc', 'a\nb\n\nc'],
    ['keeps what makes up an emoji', '👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 ❤️', '👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 ❤️'],
    ['is composed', 'e\u0301 \u00e9 \u1112\u1161\u11ab', '\u00e9 \u00e9 한'],
    ['is measured after composition', 'e\u0301'.repeat(max), 'é'.repeat(max)],
    ['may contain invisible characters beside others', '\u200b!\u2800', '\u200b!\u2800'],
    ['may be a character that is newer than the server', '\u{1facf}', '\u{1facf}'],
    ['may be as long as the limit in code points', '😀'.repeat(max), '😀'.repeat(max)],
    ['is measured after trimming', ` ${'a'.repeat(max)}\n`, 'a'.repeat(max)],
  ])('%s', (_, text, body) => expect(read(text)).toBe(body));

  it.each([
    ['nothing', ''],
    ['only spaces', ' \n\t\u00a0\u2003'],
    ['one character too many', '😀'.repeat(max + 1)],
    ['NUL', 'a\0b'],
    ['a bell', 'a\x07b'],
    ['a bare carriage return', 'a\rb'],
    ['delete', 'a\x7fb'],
    ['a control character of the second set', 'a\x85b'],
    ['half of a character', 'a\ud83d'],
    ['the other half', '\ude00b'],
    ['the halves in the wrong order', '\ude00\ud83d'],
    ['only characters without width', '\u200b\u200c\u200d\u2060\ufeff'],
    ['only marks of direction', '\u200e\u200f\u061c \u202b\u2067'],
    ['only Hangul fillers', '\u3164 \u115f\u1160\uffa0'],
    ['only blank Braille patterns', '\u2800\u2800'],
    ['only tags', '\u{e0041}\u{e007f}'],
    ['only variation selectors', '\ufe0f\ufe0e\u{e0100}'],
    ['only soft hyphens', '\u00ad\n\u00ad'],
    ['only a mark without a letter', '\u0301'],
  ])('is refused if it contains %s', (_, text) => expect(read(text)).toBeUndefined());

  it('is stored completely, trimmed and identically for a repeat, or refused', () => {
    const odd = fc.constantFrom(
      '\0',
      '\r',
      '\n',
      '\t',
      ' ',
      '\x1b',
      '\x9f',
      '\ud800',
      '\udfff',
      '\u2028',
      '\ufeff',
      '😀',
      '@ann',
      'a',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(odd, { maxLength: 12 }).map((parts) => parts.join('')),
      fc.integer({ min: max - 2, max: max + 2 }).map((length) => 'é'.repeat(length)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const expected = text.replace(/\r\n/g, '\n').normalize('NFC').trim();
        const codes = Array.from(expected, (character) => character.codePointAt(0)!);
        const isControl = (code: number) =>
          (code < 32 && code !== 9 && code !== 10) || (code >= 127 && code < 160);
        const hasInk = [...expected].some(
          (character) =>
            !/[\p{Z}\p{Cc}\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u.test(character),
        );
        const isFit =
          hasInk &&
          codes.length <= max &&
          !codes.some((code) => isControl(code) || (code >= 0xd800 && code <= 0xdfff));
        expect(read(text)).toBe(isFit ? expected : undefined);
        if (isFit) expect(read(expected)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });
});
