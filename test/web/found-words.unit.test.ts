import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSearch } from '../../src/chat/messages/search-query.ts';
import { wordsOf } from '../../src/chat/messages/words.ts';
import { excerptOf, phrasesOf, piecesOf } from '../../web/src/state/found-words.ts';
import { wordsOf as wordsOfClient } from '../../web/src/state/words.ts';
import { searchTable } from '../support/search-table.ts';

describe('the highlighted words', () => {
  const marked = (text: string, query: string) =>
    piecesOf(text, query)
      .filter(({ isFound }) => isFound)
      .map(({ text: piece }) => piece);

  it.each(searchTable.flatMap(({ text, found }) => found.map((query) => [query, text])))(
    '%j has a mark in %j',
    (query, text) => expect(marked(text!, query!)).not.toEqual([]),
  );

  it.each(
    searchTable.flatMap(({ text, notFound }) =>
      // Several terms can have marks although the message lacks one of them.
      notFound.filter((query) => !/ \S/.test(query)).map((query) => [query, text]),
    ),
  )('%j has no mark in %j', (query, text) => expect(marked(text!, query!)).toEqual([]));

  it('are whole words, the beginning of a word that is being typed, and phrases', () => {
    expect(marked('Tea, or teatime? TEA!', 'tea ')).toEqual(['Tea', 'TEA']);
    expect(marked('Tea, or teatime? TEA!', 'tea')).toEqual(['Tea', 'teatime', 'TEA']);
    expect(marked('get getUserById', 'user')).toEqual(['getUserById']);
    expect(marked('東京都庁', '京都')).toEqual(['京都']);
    expect(marked('un café crème', 'creme cafe')).toEqual(['café', 'crème']);
    expect(marked('Größe und Ähre', 'ähre größe')).toEqual(['Größe', 'Ähre']);
    expect(marked('tea at four, four teas, tea at five', '"tea at" four')).toEqual([
      'tea at',
      'four',
      'four',
      'tea at',
    ]);
    expect(marked('tea or milk', 'tea OR coffee -milk -"or milk"')).toEqual(['tea']);
    expect(marked("it's well-known", "it's well-known")).toEqual(["it's", 'well-known']);
    expect(marked('a.b* (c)', '.* (c) "')).toEqual(['c']);
    expect(marked('nothing', '')).toEqual([]);
  });

  it('leave every text unchanged, for every search', () => {
    const joined = (pieces: readonly { readonly text: string }[]) =>
      pieces.map(({ text }) => text).join('');
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('a', 'B', ' ', '"', '-', '😀', '<', '(', 'é') }),
    );
    fc.assert(fc.property(text, text, (body, query) => joined(piecesOf(body, query)) === body));
    fc.assert(fc.property(text, text, (body, query) => joined(excerptOf(body, query)) === body));
  });

  it('are visible even if they are far down in a long text', () => {
    const body = `${'😀 so much '.repeat(300)}needle${' and so on'.repeat(300)}`;
    const shown = excerptOf(body, 'needle');
    expect(shown.filter(({ isFound }) => isFound)).toEqual([{ text: 'needle', isFound: true }]);
    const text = shown.map((piece) => piece.text).join('');
    expect(text.length).toBeLessThan(340);
    expect(text.indexOf('needle')).toBeLessThan(60);
    expect(text).not.toMatch(/^…?[\udc00-\udfff]|[\ud800-\udbff]…?$/);
  });

  it('follow the words and the phrases of the server', () => {
    const piece = fc.constantFrom(
      ...'aB1_-"." 京都가ก\u0301é\u00ad'.split(''),
      ' or ',
      '🎉',
      'ß',
      'getUser',
      'ｶﾞ',
      '\u200d',
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, (body) => {
        expect(wordsOfClient(body)).toEqual(wordsOf(body));
        const query = body.normalize('NFC');
        expect(phrasesOf(query)).toEqual(parseSearch(query).flatMap(({ included }) => included));
      }),
      { numRuns: 2000 },
    );
  });
});
