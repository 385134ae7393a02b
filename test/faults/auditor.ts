import pg from 'pg';
import type { Follower } from './actors/follower.ts';
import type { Room, Run } from './actors/run.ts';
import { atTheBeginning, checkFollower, type Standing } from './checker/followers.ts';
import type { LogEntry, Observation, Violation } from './checker/history.ts';
import {
  checkAuthors,
  checkPermission,
  membersOf,
  noteMemberships,
  type Memberships,
} from './checker/membership.ts';
import { checkContinuation, checkSnapshot, type Snapshot } from './checker/numbers.ts';
import { checkAcknowledged, noteStored, type KeyedMessage, type Stored } from './checker/sends.ts';
import { checkTokens } from './checker/tokens.ts';
import { readLog } from './observations.ts';

/** The state of a room, as loaded from the database. */
interface KnownRoom {
  readonly id: string;
  readonly log: LogEntry[];
  /** The messages alone, by their own numbers. */
  readonly messages: LogEntry[];
  readonly memberships: Memberships;
}

interface AuditedFollower {
  readonly follower: Follower;
  standing: Standing;
  tokenEndsAt: number;
  /** The latest checked observations, for the report of a violation. */
  recent: Observation[];
  /** The evidence of the first violation. */
  evidence: Evidence | undefined;
}

/** The observations of a follower up to a violation, and that part of the log. */
export interface Evidence {
  readonly name: string;
  readonly userId: string;
  readonly roomId: string;
  readonly violations: readonly Violation[];
  readonly observed: readonly Observation[];
  readonly log: readonly LogEntry[];
}

const snapshotOf = 500;
const shown = 80;

/**
 * Compares the observations of all actors with the database during the run, and the database with
 * itself.
 */
export interface Auditor {
  /**
   * Checks everything observed and acknowledged so far. Rejects if the database is down; the next
   * call then checks it.
   */
  audit(): Promise<void>;
  /** The followers that have not reached the end of the log as last loaded. */
  behind(): { readonly follower: Follower; readonly standing: Standing; readonly head: number }[];
  /** Checks that the members of each room are those that its events imply. */
  checkMembers(): Promise<void>;
  /** The evidence of all violations. */
  readonly evidence: readonly Evidence[];
  close(): Promise<void>;
}

export function createAuditor(
  run: Run,
  databaseUrl: string,
  rooms: readonly Room[],
  followers: readonly Follower[],
): Auditor {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 1,
    connectionTimeoutMillis: 2000,
    query_timeout: 8000,
  });
  pool.on('error', () => {});
  const known = new Map(
    rooms.map(({ id }): [string, KnownRoom] => [
      id,
      { id, log: [], messages: [], memberships: new Map() },
    ]),
  );
  const audited = followers.map((follower): AuditedFollower => ({
    follower,
    standing: atTheBeginning,
    tokenEndsAt: Infinity,
    recent: [],
    evidence: undefined,
  }));
  const stored: Stored = new Map();
  let auditing = Promise.resolve();

  function report(violations: readonly Violation[], whose = ''): void {
    for (const { rule, detail } of violations) run.violate(rule, whose + detail);
  }

  async function readOn(room: KnownRoom): Promise<void> {
    const entries = await readLog(pool, room.id, room.log.length);
    report(checkContinuation(room.log.at(-1), entries), `in ${room.id} `);
    noteMemberships(room.memberships, entries);
    report(checkAuthors(room.memberships, entries), `in ${room.id} `);
    room.log.push(...entries);
    const messages = entries.filter(({ author }) => author !== undefined);
    for (const message of messages)
      room.messages.push({ ...message, seq: room.messages.length + 1 });
    report(noteStored(stored, messages.map(keyedOf), (key) => run.attempted.has(key)));
  }

  function checkObservations(one: AuditedFollower, observed: readonly Observation[]): void {
    const { follower, standing, tokenEndsAt } = one;
    const room = known.get(follower.roomId)!;
    const result = checkFollower(room.log, observed, standing);
    const tokens = checkTokens(observed, tokenEndsAt);
    const violations = [
      ...result.violations,
      ...tokens.violations,
      ...checkPermission(room.memberships, observed, follower.user.id),
    ];
    report(violations, `${follower.name}: `);
    one.recent = [...one.recent, ...observed].slice(-shown - observed.length);
    if (violations.length > 0) {
      const { name, user, roomId } = follower;
      const from = Math.max(0, (standing.position ?? 0) - shown);
      one.evidence ??= {
        name,
        userId: user.id,
        roomId,
        violations,
        observed: one.recent,
        log: room.log.slice(from),
      };
    }
    one.standing = { position: result.position, eventsSinceBegan: result.eventsSinceBegan };
    one.tokenEndsAt = tokens.tokenEndsAt;
  }

  async function auditNow(): Promise<void> {
    // An event that was observed before the log is read must be in the log.
    const observedUpTo = audited.map(({ follower }) => follower.observed.length);
    const acknowledged = run.acknowledged.length;
    const pages = run.pages.length;
    const { rows: snapshots } = await pool.query<Snapshot>(snapshotText, [
      rooms.map(({ id }) => id),
      snapshotOf,
    ]);
    report(snapshots.flatMap((snapshot) => checkSnapshot(snapshot, snapshotOf)));
    for (const room of known.values()) await readOn(room);
    for (const [place, one] of audited.entries())
      checkObservations(one, one.follower.observed.splice(0, observedUpTo[place]!));
    report(checkAcknowledged(stored, run.acknowledged.splice(0, acknowledged)));
    for (const { roomId, messages } of run.pages.splice(0, pages))
      report(checkPage(known.get(roomId)!, messages), 'in the history ');
  }

  return {
    // One after the other: each goes on where the one before it ended.
    audit() {
      const audited = auditing.then(auditNow);
      auditing = audited.catch(() => {});
      return audited;
    },
    behind: () =>
      audited
        .map(({ follower, standing }) => ({
          follower,
          standing,
          head: known.get(follower.roomId)!.log.length,
        }))
        .filter(({ standing, head }) => standing.position !== head),
    async checkMembers() {
      for (const { id, memberships } of known.values()) {
        const { rows } = await pool.query<{ id: string }>(
          'select user_id as id from members where conversation_id = $1',
          [id],
        );
        const [observed, held] = [membersOf(memberships), rows.map((row) => row.id)].map(
          (members) => members.toSorted().join(' '),
        );
        if (observed !== held)
          run.violate('members', `of ${id}: by its events ${observed}; by its table ${held}`);
      }
    },
    get evidence() {
      return audited.flatMap(({ evidence }) => evidence ?? []);
    },
    close: () => pool.end(),
  };
}

/** A page of the history begins anywhere and is without a hole from there. */
function checkPage({ messages }: KnownRoom, page: readonly Observation[]): Violation[] {
  const [first] = page;
  if (first?.type !== 'event') return [];
  return checkFollower(messages, page, { position: first.seq - 1, eventsSinceBegan: 0 }).violations;
}

/** Its words are its number, its id, its author, and the body, which begins with its key. */
export function keyedOf({ what }: LogEntry): KeyedMessage {
  const [, seq, id = '', authorId = '', key = ''] = /^message (\d+) \((\S+)\) by (\S+): (\S+)/.exec(
    what,
  )!;
  return { key, id, seq: Number(seq), authorId };
}

const snapshotText = `
  select conversations.id as "roomId", last_seq as "lastSeq", head::int as head, message.*, event.*
  from conversations join topics on topics.id = 'conversation:' || conversations.id
    cross join lateral (
      select count(*)::int as messages, coalesce(max(seq), 0)::int as "newestMessage" from messages
      where conversation_id = conversations.id and seq > last_seq - $2) as message
    cross join lateral (
      select count(*)::int as events, coalesce(max(seq), 0)::int as "newestEvent" from events
      where topic = topics.id and seq > head - $2) as event
  where conversations.id = any($1::uuid[])`;
