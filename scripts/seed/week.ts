import type { Random } from '../../test/faults/random.ts';
import { people } from './people.ts';
import { rooms, type SeedRoom } from './rooms.ts';

/** Something somebody says, when, and what others make of it. */
export interface Line {
  readonly key: string;
  readonly room: string;
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

/** The talk of all rooms in the seven days before `now`, in the order of time. */
export function writeWeek(now: number, random: Random): Line[] {
  const lines = rooms.flatMap((room) => room.threads.flatMap((thread, place) => writeThread(room, thread, place, now, random.fork(`${room.name} ${place}`))));
  return lines.toSorted((one, other) => one.at - other.at);
}

function writeThread(room: SeedRoom, thread: readonly string[], place: number, now: number, random: Random): Line[] {
  const cast = random.shuffle(membersOf(room));
  const personOf = (letter: string) => cast[letter.charCodeAt(0) - 'A'.charCodeAt(0)]!;
  // Spread over the week, between eight and six; the last ends shortly before now.
  let at = Math.min(startOfDay(now - (1 - place / room.threads.length) * 7 * dayMs) + random.between(8, 17.5) * hourMs, now - 20 * 60_000);
  return thread.map((text, nth) => {
    const [said = '', reactions = ''] = text.split(' | ');
    const author = personOf(said[0]!);
    at += nth === 0 ? 0 : random.between(15_000, 4 * 60_000) / (at > now - hourMs ? 4 : 1);
    const others = random.shuffle(cast.filter((username) => username !== author));
    return {
      key: `${room.name} ${place} ${nth}`,
      room: room.name,
      author,
      body: said.slice(2).trim().replaceAll(/\{([A-Z])\}/g, (_match, letter: string) => personOf(letter)),
      replyTo: said[1] === '>' ? `${room.name} ${place} 0` : undefined,
      at,
      reactions: reactions.split(' ').filter(Boolean).map((emoji, by) => ({ emoji, by: others[by % others.length]! })),
    };
  });
}

export const membersOf = (room: SeedRoom): string[] => (room.members.length > 0 ? [...room.members] : people.map(({ username }) => username));

const startOfDay = (at: number) => at - (at % dayMs);
