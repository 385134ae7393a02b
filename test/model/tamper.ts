import type { Entry, History } from './history.ts';

type EventEntry = Extract<Entry, { type: 'event' }>;

const isEvent = (entry: Entry | undefined): entry is EventEntry =>
  entry?.type === 'event' && !['CaughtUp', 'StreamReset'].includes(entry.event.__typename);

/** Typing has no other name. */
export const typeOf = ({ event }: EventEntry): string => event.__typename ?? 'Typing';

export const eventTypesIn = (histories: readonly History[]): string[] => [
  ...new Set(histories.flatMap(({ entries }) => entries.filter(isEvent).map(typeOf))),
];

/**
 * A fault of delivery: changes the events of one device at an index. Undefined where it cannot be.
 */
export type Fault = (entries: readonly Entry[], index: number) => readonly Entry[] | undefined;

export const dropped: Fault = (entries, index) => entries.toSpliced(index, 1);

/** In the midst of a subscription. After its end, nothing says that an event is missing. */
export const skipped: Fault = (entries, index) =>
  nextOf(entries, index) === undefined ? undefined : dropped(entries, index);

export const doubled: Fault = (entries, index) => entries.toSpliced(index, 0, entries[index]!);

/** With the next event of the same subscription. */
export const swapped: Fault = (entries, index) => {
  const next = nextOf(entries, index);
  if (next === undefined) return undefined;
  return entries.with(index, entries[next]!).with(next, entries[index]!);
};

/**
 * The event shows its row as the event before it did: a fact was merged wrongly, or read too early.
 * It is planted here because the nodes rarely execute the events in question together. In
 * clashes.ts they do.
 */
export const outdated: Fault = (entries, index) => {
  const { event, follow } = entries[index] as EventEntry;
  for (const row of ['message', 'conversation', 'room', 'member'] as const) {
    const key = idOf(event[row]);
    if (key === undefined || (row === 'conversation' && event.__typename !== 'SupportUpdated'))
      continue;
    const earlier = entries
      .slice(0, index)
      .findLast(
        (entry) =>
          isEvent(entry) &&
          entry.follow === follow &&
          idOf(entry.event[row]) === key &&
          hasSameFields(entry.event[row], event[row]),
      );
    if (!isEvent(earlier)) continue;
    return entries.with(index, {
      ...(entries[index] as EventEntry),
      event: { ...event, [row]: earlier.event[row] },
    });
  }
  return undefined;
};

const hasSameFields = (one: object, other: object): boolean =>
  Object.keys(one).join() === Object.keys(other).join();

const idOf = (row: any): string | undefined => row?.id ?? row?.user?.id;

function nextOf(entries: readonly Entry[], index: number): number | undefined {
  const { follow } = entries[index] as EventEntry;
  for (let next = index + 1; next < entries.length; next++) {
    const entry = entries[next]!;
    if (entry.type === 'quiet' || entry.follow !== follow) continue;
    return isEvent(entry) ? next : undefined;
  }
  return undefined;
}

/** Every way to plant the fault in an event of this type, the latest first. */
export function* plant(
  histories: readonly History[],
  fault: Fault,
  type?: string,
): Generator<History> {
  for (const history of histories) {
    const { entries, follows } = history;
    for (let index = entries.length - 1; index >= 0; index--) {
      const entry = entries[index];
      if (!isEvent(entry) || (type !== undefined && typeOf(entry) !== type)) continue;
      const isNumbered = follows.some(({ name, topic }) => name === entry.follow && topic);
      if (type === undefined && !isNumbered) continue;
      const changed = fault(entries, index);
      if (changed) yield { ...history, entries: changed };
    }
  }
}

/** One device receives an event of a room that another one follows. */
export function leaked(from: History, to: History, roomId: string): History | undefined {
  const follow = from.follows.find(({ name }) => name === `room ${roomId}`)!.name;
  const event = from.entries.find((entry) => isEvent(entry) && entry.follow === follow);
  const began: Entry = { type: 'began', follow, after: undefined };
  return event && { ...to, entries: [...to.entries, began, event] };
}
