import { describe, expect, it } from 'vitest';
import { tsvectorOf } from '../../src/chat/messages/search-query.ts';
import { wordsOf } from '../../src/chat/messages/words.ts';

describe('the words of a message', () => {
  it.each([
    ['Read/write', "'read':1 'write':2"],
    ['getUserById', "'getuserbyid':1 'get':1 'user':1 'by':1 'id':1"],
    ['東京都, 庁', "'東京':1 '京都':2 '都':3 '庁':4"],
    ['Café! CAFE', "'cafe':1,2"],
    ['!? \u200b', ''],
  ])('of %j are %s', (text, words) => expect(tsvectorOf(text)).toBe(words));

  it('have no character that needs an escape in a tsvector or a tsquery', () => {
    const all = Array.from({ length: 0x110000 }, (_, code) => code)
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .map((code) => String.fromCodePoint(code))
      .join('a ');
    for (const { text, parts } of wordsOf(all))
      for (const word of [text, ...parts])
        if (/['\\:&|!()<>*\s\0]/.test(word)) expect(word).toBe('');
  });

  // Work that grows with the square of the length would not end within the test.
  it.each([
    'a',
    'aA',
    'a1',
    'A',
    '\u0301',
    'é\u0301',
    'a\u200d',
    '京',
    '\u3099',
    '京 ',
    '🎉',
    '🇫',
    '1',
  ])('[P13] take work in proportion to the length: %j', (piece) => {
    const text = piece.repeat(400_000 / piece.length);
    expect(tsvectorOf(`a ${text}`).length).toBeGreaterThan(0);
  });
});
