import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyParts } from '../../client/src/body.ts';
import { findMentions } from '../../src/chat/messages/mentions.ts';
import { mentionable, mentionTable } from '../support/mention-table.ts';

/** The usernames that the server stores as mentioned, if these exist. */
const mentionedIn = (body: string, existing: readonly string[]) => [
  ...new Set(
    findMentions(body).flatMap((names) => names.find((name) => existing.includes(name)) ?? []),
  ),
];

/** The usernames that a client shows as mentions. */
const shownIn = (body: string, mentioned: readonly string[]) => [
  ...new Set(
    bodyParts(
      body,
      mentioned.map((username) => ({ username })),
    ).flatMap((part) => (part.type === 'mention' ? part.user.username : [])),
  ),
];

describe('mentions', () => {
  it.each(mentionTable)('%j mentions %j', (body, mentioned) => {
    expect(mentionedIn(body, mentionable)).toEqual(mentioned);
    expect(shownIn(body, mentioned)).toEqual(mentioned);
    const others = mentionable.filter((name) => name !== 'here');
    expect(shownIn(body, others)).toEqual(mentioned);
  });

  it('are the same for the server and the SDK in any text', () => {
    const piece = fc.constantFrom(
      '@',
      'ann',
      'bob',
      '.',
      '_',
      '-',
      '/',
      '://',
      'http',
      '`',
      '```',
      '\n',
      ' ',
      '看',
      'é',
      '\u0301',
      '❤️',
      'a.b/',
      ':',
      '"',
      '(',
      '，',
      '%',
    );
    const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
    const existing = ['ann', 'bob', 'ann.bob', 'bob-', '_ann_', 'annbob'];
    fc.assert(
      fc.property(text, (body) => {
        expect(shownIn(body, existing)).toEqual(mentionedIn(body, existing));
      }),
      { numRuns: 3000 },
    );
  });

  it('are found wherever names are between words', () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9_.-]{0,30}[a-z0-9]$/);
    const between = fc.constantFrom(' ', '\n', ', ', ' (', '! ', ' 漢 ', '. ', ' word ', '漢');
    fc.assert(
      fc.property(fc.array(fc.tuple(name, between), { maxLength: 20 }), (parts) => {
        const body = parts.map(([user, gap]) => `@${user}${gap}`).join('');
        const names = parts.map(([user]) => user);
        expect(mentionedIn(body, names)).toEqual([...new Set(names)]);
      }),
    );
  });

  it('are at most 50, of at most 200 possible usernames', () => {
    const names = Array.from({ length: 60 }, (_, number) => `user${number}`);
    const all = findMentions(names.map((name) => `@${name}`).join(' '));
    expect(all).toEqual(names.slice(0, 50).map((name) => [name]));
    const many = names.map((name) => `@${name}${'-x'.repeat(10)}`).join(' ');
    expect(findMentions(many).flat().length).toBeLessThanOrEqual(200);
    expect(findMentions(many).length).toBeGreaterThan(10);
  });

  // Work that grows with the square of the length would not end within the test.
  it.each([
    '@',
    '.',
    '@.',
    '@a.',
    '@aä',
    'a.',
    'a',
    'a_',
    '_@',
    '`',
    '` ',
    '`` ` ',
    '``` ',
    '\n```` ``` `` ` ',
    '/@',
    'a/@',
    '://',
    'a:',
    '1.1:1',
    '@ann/',
    '\u0301',
    'é\u0301@',
  ])('[P13] take time in proportion to the length: %j', (piece) => {
    const body = `@${piece.repeat(200_000 / piece.length)}`;
    for (const text of [body, `${body}é`, `\`${body}`]) {
      expect(findMentions(text).length).toBeLessThanOrEqual(50);
      expect(bodyParts(text, []).map(({ text }) => text).length).toBeGreaterThan(0);
    }
  });
});

describe('the parts of a body', () => {
  it('are text, links, code and mentions', () => {
    const bob = { username: 'bob', id: '1' };
    expect(
      bodyParts('See https://example.com/a_(b), _@Bob_.\n```\nx = 1\n```\nand `y`', [bob]),
    ).toEqual([
      { type: 'text', text: 'See ' },
      { type: 'link', text: 'https://example.com/a_(b)' },
      { type: 'text', text: ', _' },
      { type: 'mention', text: '@Bob', user: bob },
      { type: 'text', text: '_.\n' },
      { type: 'code', text: '\nx = 1\n', isBlock: true },
      { type: 'text', text: '\nand ' },
      { type: 'code', text: 'y', isBlock: false },
    ]);
    expect(bodyParts('(at https://example.com/a_(b))', [])).toEqual([
      { type: 'text', text: '(at ' },
      { type: 'link', text: 'https://example.com/a_(b)' },
      { type: 'text', text: ')' },
    ]);
    expect(bodyParts('', [])).toEqual([]);
    expect(bodyParts('_https://example.com/_', [])).toEqual([
      { type: 'text', text: '_' },
      { type: 'link', text: 'https://example.com/' },
      { type: 'text', text: '_' },
    ]);
  });

  it('add up to the whole body, except for the backticks around code', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (body) => {
        const text = bodyParts(body, [{ username: 'ann' }]).map((part) => part.text);
        expect(text.join('').replaceAll('`', '')).toBe(body.replaceAll('`', ''));
      }),
    );
  });
});
