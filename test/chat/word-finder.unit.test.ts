import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWordFinder } from '../../src/chat/policy/word-filter.ts';

const found = (words: string[], text: string): string[] =>
  createWordFinder(words)(text).map(({ from, to }) => text.slice(from, to));

describe('a forbidden word', () => {
  it('is found in any case, in other forms of its letters, and with invisible characters between them', () => {
    expect(found(['damn'], 'Damn it, DAMN! ｄａｍｎ, da\u200Bmn\u00AD')).toEqual([
      'Damn',
      'DAMN',
      'ｄａｍｎ',
      'da\u200Bmn\u00AD',
    ]);
    expect(found(['café'], 'cafe\u0301 CAFÉ cafe')).toEqual(['cafe\u0301', 'CAFÉ']);
    expect(found(['STRASSE', 'İstanbul'], 'strasse İSTANBUL')).toEqual(['strasse', 'İSTANBUL']);
    expect(found(['fi'], 'ﬁ')).toEqual(['ﬁ']);
  });

  it('is found as a whole word, and not as a part of another', () => {
    expect(found(['ass', 'hell'], 'class, assess, shell, hello')).toEqual([]);
    expect(found(['ass'], 'ass. (ass) ass-hat the_ass ass')).toHaveLength(5);
    expect(found(['ass'], 'ass1 1ass assé ass\u0301')).toEqual([]);
  });

  it('can be a phrase with any spaces, and the longest is found', () => {
    expect(found(['shut up', 'shut', 'up yours'], 'shut   UP yours, shut\nup')).toEqual([
      'shut   UP',
      'shut\nup',
    ]);
  });

  it('is found within a text whose script has no spaces', () => {
    expect(found(['馬鹿'], 'お前は馬鹿だ')).toEqual(['馬鹿']);
    expect(found(['โง่'], 'เธอโง่มาก')).toEqual(['โง่']);
  });

  it('can contain special characters', () => {
    expect(found(['a.b', 'c++', '(x', '$$$'], 'acb a.b c++ c (x $$$')).toEqual([
      'a.b',
      'c++',
      '(x',
      '$$$',
    ]);
  });

  it('is found at every position of any text, and nothing is found without forbidden words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
        const text = `${before} damn ${after}`;
        expect(found(['damn'], text).map((word) => word.toLowerCase())).toContain('damn');
        expect(found([], text)).toEqual([]);
      }),
    );
  });

  it('takes time in proportion to the text, for any length of the list', () => {
    const words = Array.from(
      { length: 20_000 },
      (_, place) => `${'a'.repeat(place % 50)}word${place}`,
    );
    expect(found(words, 'aaa '.repeat(250_000))).toEqual([]);
  });
});
