import type { Random } from '../../test/faults/random.ts';
import { privateTalk, supportTalk } from './aside.ts';
import { bot, people } from './people.ts';
import { rooms, type SeedRoom } from './rooms.ts';

/**
 * The conversation of a line: a room, a private conversation of two users, or the support
 * conversation of a customer.
 */
export type Setting =
  | { readonly room: string }
  | { readonly between: readonly [string, string] }
  | { readonly customer: string };

/** One message with its time and its reactions. */
export interface Line {
  readonly key: string;
  readonly setting: Setting;
  readonly author: string;
  readonly kind: 'TEXT' | 'SYSTEM';
  readonly body: string;
  /** The key of an earlier line. */
  readonly replyTo: string | undefined;
  /** Ms since 1970. */
  readonly at: number;
  readonly reactions: readonly { readonly emoji: string; readonly by: string }[];
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The username of the support desk. */
export const desk = 'grace';

/** All messages of the seven days before `now`, oldest first. */
export function writeWeek(now: number, random: Random): Line[] {
  const inRooms = rooms.flatMap((room) =>
    room.threads.map((lines, index): Thread => ({
      name: `${room.name} ${index}`,
      setting: { room: room.name },
      cast: random.fork(`${room.name} ${index}`).shuffle(membersOf(room)),
      lines,
      daysAgo: 7 - (7 * index) / room.threads.length,
    })),
  );
  const ofTwo = privateTalk.map(([first, second, lines], index): Thread => ({
    name: `${first} ${second}`,
    setting: { between: [first, second] },
    cast: [first, second],
    lines,
    daysAgo: 5 - index,
  }));
  const atTheDesk = supportTalk.map(([customer, , lines], index): Thread => ({
    name: `support ${customer}`,
    setting: { customer },
    cast: [customer, desk],
    lines,
    daysAgo: 3 - index,
  }));
  const lines = [...inRooms, ...ofTwo, ...atTheDesk].flatMap((thread) =>
    writeThread(thread, now, random.fork(thread.name)),
  );
  return lines.toSorted((one, other) => one.at - other.at);
}

interface Thread {
  readonly name: string;
  readonly setting: Setting;
  /** Usernames in the order of the letters. */
  readonly cast: readonly string[];
  readonly lines: readonly string[];
  readonly daysAgo: number;
}

function writeThread(
  { name, setting, cast, lines, daysAgo }: Thread,
  now: number,
  random: Random,
): Line[] {
  const personOf = (letter: string) =>
    '*#'.includes(letter) ? bot.username : cast[letter.charCodeAt(0) - 'A'.charCodeAt(0)]!;
  const withNames = (text: string) =>
    text.replaceAll(/\{([A-Z])\}/g, (_match, letter: string) => personOf(letter));
  // In working hours, but not in the last 20 minutes.
  const planned = startOfDay(now - daysAgo * dayMs) + random.between(8, 17.5) * hourMs;
  let at = Math.min(planned, now - 20 * 60_000);
  return lines.map((text, index) => {
    const [said = '', reactions = ''] = text.split(' | ');
    const author = personOf(said[0]!);
    if (index > 0) {
      const pauseMs = random.between(15_000, 4 * 60_000);
      // Faster in the last hour, so that no line is in the future.
      at += at > now - hourMs ? pauseMs / 4 : pauseMs;
    }
    const emojis = reactions.split(' ').filter(Boolean);
    const others = random.shuffle(cast.filter((username) => username !== author));
    return {
      key: `${name} ${index}`,
      setting,
      author,
      kind: said[0] === '#' ? 'SYSTEM' : 'TEXT',
      body: withNames(said.slice(2).trim()),
      replyTo: said[1] === '>' ? `${name} 0` : undefined,
      at,
      reactions: emojis.map((emoji, by) => ({ emoji, by: others[by % others.length]! })),
    };
  });
}

/** Whether the bot writes in the room. */
export const hasBot = ({ threads }: SeedRoom): boolean =>
  threads.some((lines) => lines.some((line) => '*#'.includes(line[0]!)));

export const membersOf = (room: SeedRoom): string[] =>
  room.members.length > 0 ? [...room.members] : people.map(({ username }) => username);

const startOfDay = (at: number) => at - (at % dayMs);
