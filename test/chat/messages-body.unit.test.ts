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
    ['is kept as it was written, not normalised', 'e\u0301 \u00e9', 'e\u0301 \u00e9'],
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
  ])('is refused when it holds %s', (_, text) => expect(read(text)).toBeUndefined());

  it('is stored whole, trimmed and the same when it is sent again, or refused', () => {
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
        const expected = text.replace(/\r\n/g, '\n').trim();
        const codes = Array.from(expected, (character) => character.codePointAt(0)!);
        const isControl = (code: number) =>
          (code < 32 && code !== 9 && code !== 10) || (code >= 127 && code < 160);
        const isFit =
          codes.length >= 1 &&
          codes.length <= max &&
          !codes.some((code) => isControl(code) || (code >= 0xd800 && code <= 0xdfff));
        expect(read(text)).toBe(isFit ? expected : undefined);
        if (isFit) expect(read(expected)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });
});
