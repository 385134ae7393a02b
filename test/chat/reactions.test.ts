import { describe, expect, it } from 'vitest';
import { parseEmoji } from '../../src/chat/messages/emoji.ts';
import { postgresUrl } from '../support/servers.ts';
import { describeReactions } from './reactions.suite.ts';

describe('an emoji', () => {
  it.each(['👍', '👍🏽', '🇩🇪', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👨‍👩‍👧‍👦', '🧑🏻‍❤️‍💋‍🧑🏿', '1️⃣', '❤️', '👁️‍🗨️'])('can be %s', (emoji) =>
    expect(parseEmoji(emoji)).toBe(emoji),
  );

  it('is the same with and without the variation selector', () => {
    expect(parseEmoji('❤')).toBe('❤️');
    expect(parseEmoji('©')).toBe('©️');
  });

  it.each([
    '',
    ' ',
    'a',
    '1',
    '#',
    ':thumbsup:',
    '👍👍',
    '👍 ',
    '\u{1f1e9}',
    '\u{fe0f}',
    '\u{200d}',
    '🏽👍',
    'é',
    '\0',
    '\ud83d',
    '👍'.repeat(1000),
    '👨‍👨‍👨‍👨‍👨',
  ])('cannot be %j', (text) => {
    expect(() => parseEmoji(text)).toThrow(expect.objectContaining({ code: 'INVALID' }));
  });
});

describe.skipIf(!postgresUrl)('reactions, PostgreSQL', () =>
  describeReactions({ isEmbedded: false }),
);
