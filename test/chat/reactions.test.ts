import { describe, expect, it } from 'vitest';
import { parseEmoji } from '../../src/chat/messages/emoji.ts';
import { postgresUrl } from '../support/servers.ts';
import { describeReactions } from './reactions.suite.ts';

describe('an emoji', () => {
  it.each(['👍', '👍🏽', '🇩🇪', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👨‍👩‍👧‍👦', '🧑🏻‍❤️‍💋‍🧑🏿', '1️⃣', '❤️', '👁️‍🗨️'])('may be %s', (emoji) =>
    expect(parseEmoji(emoji)).toBe(emoji),
  );

  it('is the same with and without the mark that makes it a picture', () => {
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
  ])('is not %j', (text) => {
    expect(() => parseEmoji(text)).toThrow(expect.objectContaining({ code: 'INVALID' }));
  });
});

describe.skipIf(!postgresUrl)('reactions, PostgreSQL', () =>
  describeReactions({ isEmbedded: false }),
);
