import type { LogEntry, Observation, Violation } from './history.ts';

interface Change {
  readonly seq: number;
  readonly occurredAt: number;
  readonly isMember: boolean;
}

/** How each user's membership changed, oldest first, by the room's own log. */
export type Memberships = Map<string, Change[]>;

/** Adds the next entries of the log. */
export function noteMemberships(memberships: Memberships, entries: readonly LogEntry[]): void {
  for (const { seq, occurredAt, joined, left } of entries) {
    const user = joined ?? left;
    if (user === undefined) continue;
    const changes = memberships.get(user) ?? [];
    changes.push({ seq, occurredAt, isMember: joined !== undefined });
    memberships.set(user, changes);
  }
}

/** The members after the last entry. */
export const membersOf = (memberships: Memberships): string[] =>
  [...memberships].filter(([, changes]) => changes.at(-1)!.isMember).map(([user]) => user);

const isMemberBefore = (changes: readonly Change[], seq: number) =>
  changes.findLast((change) => change.seq < seq)?.isMember === true;

/** The author of each message is a member at that position of the log [P11]. */
export function checkAuthors(memberships: Memberships, entries: readonly LogEntry[]): Violation[] {
  const strangers = entries.filter(
    ({ author, seq }) =>
      author !== undefined && !isMemberBefore(memberships.get(author) ?? [], seq),
  );
  return strangers.map(({ seq, author }) => ({
    rule: 'author',
    detail: `${seq} is by ${author}, who was no member then`,
  }));
}

/**
 * A removed user receives later events only after joining again; the removal is the last event
 * before that [P11]. The log is dated before its commits, so a new member never receives an event
 * before its date.
 */
export function checkPermission(
  memberships: Memberships,
  observed: readonly Observation[],
  userId: string,
): Violation[] {
  const changes = memberships.get(userId) ?? [];
  const mayHear = ({ seq, at }: { seq: number; at: number }) =>
    isMemberBefore(changes, seq) ||
    changes.some((change) => change.isMember && change.seq >= seq && change.occurredAt <= at);
  const forbidden = observed
    .filter((entry) => entry.type === 'event')
    .filter((entry) => !mayHear(entry));
  return forbidden.map(({ seq, at }) => ({
    rule: 'permission',
    detail: `${seq} was received at ${new Date(at).toISOString()} by ${userId}, who was not a member`,
  }));
}
