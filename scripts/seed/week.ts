import type { Random } from '../../test/faults/random.ts';
import { privateTalk, supportTalk } from './aside.ts';
import { people } from './people.ts';
import { rooms, type SeedRoom } from './rooms.ts';

/** Where something is said: a room, a private conversation of two, or the support conversation of a customer. */
export type Setting =
  | { readonly room: string }
  | { readonly between: readonly [string, string] }
  | { readonly customer: string };

/** Something somebody says, when, and what others make of it. */
export interface Line {
  readonly key: string;
  readonly setting: Setting;
  readonly author: string;
  readonly body: string;
  /** The key of an earlier line. */
  readonly replyTo: string | undefined;
  /** Ms since 1970. */
  readonly at: number;
  readonly reactions: readonly { readonly emoji: string; readonly by: string }[];
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Who answers customers. */
export const desk = 'grace';

/** All talk in the seven days before `now`, in the order of time. */
export function writeWeek(now: number, random: Random): Line[] {
  const inRooms = rooms.flatMap((room) =>
    room.threads.map((lines, place): Thread => ({
      name: `${room.name} ${place}`,
      setting: { room: room.name },
      cast: random.fork(`${room.name} ${place}`).shuffle(membersOf(room)),
      lines,
      daysAgo: 7 - (7 * place) / room.threads.length,
    })),
  );
  const ofTwo = privateTalk.map(([first, second, lines], place): Thread => ({
    name: `${first} ${second}`,
    setting: { between: [first, second] },
    cast: [first, second],
    lines,
    daysAgo: 5 - place,
  }));
  const atTheDesk = supportTalk.map(([customer, , lines], place): Thread => ({
    name: `support ${customer}`,
    setting: { customer },
    cast: [customer, desk],
    lines,
    daysAgo: 3 - place,
  }));
  const lines = [...inRooms, ...ofTwo, ...atTheDesk].flatMap((thread) =>
    writeThread(thread, now, random.fork(thread.name)),
  );
  return lines.toSorted((one, other) => one.at - other.at);
}

interface Thread {
  readonly name: string;
  readonly setting: Setting;
  /** In the order of the letters. */
  readonly cast: readonly string[];
  readonly lines: readonly string[];
  readonly daysAgo: number;
}

function writeThread(
  { name, setting, cast, lines, daysAgo }: Thread,
  now: number,
  random: Random,
): Line[] {
  const personOf = (letter: string) => cast[letter.charCodeAt(0) - 'A'.charCodeAt(0)]!;
  // Between eight and six; the last ends shortly before now.
  let at = Math.min(
    startOfDay(now - daysAgo * dayMs) + random.between(8, 17.5) * hourMs,
    now - 20 * 60_000,
  );
  return lines.map((text, nth) => {
    const [said = '', reactions = ''] = text.split(' | ');
    const author = personOf(said[0]!);
    at += nth === 0 ? 0 : random.between(15_000, 4 * 60_000) / (at > now - hourMs ? 4 : 1);
    const others = random.shuffle(cast.filter((username) => username !== author));
    return {
      key: `${name} ${nth}`,
      setting,
      author,
      body: said
        .slice(2)
        .trim()
        .replaceAll(/\{([A-Z])\}/g, (_match, letter: string) => personOf(letter)),
      replyTo: said[1] === '>' ? `${name} 0` : undefined,
      at,
      reactions: reactions
        .split(' ')
        .filter(Boolean)
        .map((emoji, by) => ({ emoji, by: others[by % others.length]! })),
    };
  });
}

export const membersOf = (room: SeedRoom): string[] =>
  room.members.length > 0 ? [...room.members] : people.map(({ username }) => username);

const startOfDay = (at: number) => at - (at % dayMs);
