import type { LogEntry, Observation, Violation } from './history.ts';

interface Change {
  readonly seq: number;
  readonly occurredAt: number;
  readonly isMember: boolean;
}

/** How each user's membership changed, oldest first, by the room's own log. */
export type Memberships = Map<string, Change[]>;

/** Takes in what the log says next. */
export function noteMemberships(memberships: Memberships, entries: readonly LogEntry[]): void {
  for (const { seq, occurredAt, joined, left } of entries) {
    const user = joined ?? left;
    if (user === undefined) continue;
    const changes = memberships.get(user) ?? [];
    changes.push({ seq, occurredAt, isMember: joined !== undefined });
    memberships.set(user, changes);
  }
}

/** Who is a member after the last entry. */
export const membersOf = (memberships: Memberships): string[] =>
  [...memberships].filter(([, changes]) => changes.at(-1)!.isMember).map(([user]) => user);

const isMemberBefore = (changes: readonly Change[], seq: number) =>
  changes.findLast((change) => change.seq < seq)?.isMember === true;

/** Nobody writes who is no member at that place in the order [P11]. */
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
 * What happened after somebody was removed is told to them only once they are a member again [P11].
 * Their own removal is the last thing they hear. The log is dated before its commits, so that
 * whoever comes in is never told of it before the date.
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
