import { setTimeout as delay } from 'node:timers/promises';
import { GraphQLRefused } from '../../support/person.ts';
import { insist, request } from '../cluster/request.ts';
import type { User } from '../cluster/users.ts';
import type { Random } from '../random.ts';
import type { Follower } from './follower.ts';
import type { Actor, Room, Run } from './run.ts';
import { sendIfAllowed } from './writer.ts';

const mutation = (name: string, inputType: string, answer: string) =>
  `mutation ($input: ${inputType}!) { ${name}(input: $input) { ${answer} } }`;
const join = mutation('joinRoom', 'JoinRoomInput', 'room { id }');
const invite = mutation('inviteToRoom', 'InviteToRoomInput', 'room { id }');
const leave = mutation('leaveRoom', 'LeaveRoomInput', 'room { id }');
const kick = mutation('kickMember', 'KickMemberInput', 'entry { id }');
const ban = mutation('banMember', 'BanMemberInput', 'entry { id }');
const unban = mutation('unbanMember', 'UnbanMemberInput', 'entry { id }');

/** How a membership ends. */
const waysOut = ['leaves', 'is kicked', 'is banned'] as const;
type WayOut = (typeof waysOut)[number];

/** The limit while connected. A blocked PostgreSQL delays the removal until it continues. */
const endsWithinMs = 20_000;
/** A member without a connection receives the removal [P11] only after reconnecting. */
const backWithinMs = 120_000;

/** Resolves when the subscription has ended, or with false if it did not end in time. */
async function awaitTheEnd(follower: Follower, leftAt: number): Promise<boolean> {
  while (follower.isFollowing) {
    const now = Date.now();
    if (
      now - leftAt > backWithinMs ||
      now - Math.max(leftAt, follower.connectedSince ?? now) > endsWithinMs
    )
      return false;
    await delay(10);
  }
  return true;
}

/**
 * Makes a user a member, by joining or by an invitation of the owner. Returns the number of
 * attempts.
 */
export async function comeIn(run: Run, user: User, room: Room, random: Random): Promise<number> {
  const [asker, document, input] = room.isPrivate
    ? [room.owner, invite, { roomId: room.id, userIds: [user.id] }]
    : [user, join, { roomId: room.id }];
  let tries = 0;
  await insist(
    run.endpoints,
    asker,
    random,
    (url, token) => (tries++, request(url, token, document, { input })),
  );
  run.counts.joins++;
  return tries;
}

/**
 * Asks until it is done, and returns how many tries that took. That it is done already, by a try
 * without an answer, is refused: by CONFLICT, or as if there were nothing.
 */
async function insistOnce(
  run: Run,
  asker: User,
  random: Random,
  document: string,
  input: Record<string, string>,
): Promise<number> {
  let tries = 0;
  try {
    await insist(
      run.endpoints,
      asker,
      random,
      (url, token) => (tries++, request(url, token, document, { input })),
    );
  } catch (error) {
    if (
      !(error instanceof GraphQLRefused) ||
      (error.code !== 'CONFLICT' && error.code !== 'NOT_FOUND')
    )
      throw error;
  }
  return tries;
}

async function goOut(
  run: Run,
  user: User,
  room: Room,
  random: Random,
  way: WayOut,
): Promise<number> {
  const target = { roomId: room.id, userId: user.id };
  if (way === 'leaves') return insistOnce(run, user, random, leave, { roomId: room.id });
  return insistOnce(run, room.owner, random, way === 'is kicked' ? kick : ban, target);
}

/**
 * Comes in, follows, writes and goes out, over and over, sends and the end of the membership under
 * way together. Has left, and follows nothing, when stopped.
 */
export function startMember(run: Run, follower: Follower, room: Room, random: Random): Actor {
  const { user } = follower;
  let isStopped = false;
  let number = 0;
  /**
   * Whether an abandoned attempt may still arrive. It can undo the next action: a user who left is
   * a member again, or a user who was admitted is banned.
   */
  let isOneUnderWay = false;

  const note = (tries: number) => void (isOneUnderWay ||= tries > 1);
  const lift = () =>
    insistOnce(run, room.owner, random, unban, { roomId: room.id, userId: user.id });

  async function enter(): Promise<void> {
    try {
      note(await comeIn(run, user, room, random));
    } catch (error) {
      if (!isOneUnderWay || !(error instanceof GraphQLRefused) || error.code !== 'FORBIDDEN')
        throw error;
      await lift();
      await comeIn(run, user, room, random);
    }
  }

  async function stayForAWhile(): Promise<void> {
    await enter();
    follower.begin();
    const sends: Promise<void>[] = [];
    for (let left = Math.floor(random.between(0, 6)); left > 0; left--) {
      await delay(random.between(0, 500));
      sends.push(sendIfAllowed(run, user, room, `${user.name}-${++number}`, random));
    }
    const way = random.pick(waysOut);
    note(await goOut(run, user, room, random, way));
    run.counts.leaves++;
    const leftAt = Date.now();
    await Promise.all(sends);
    let hasEnded = await awaitTheEnd(follower, leftAt);
    if (!hasEnded && isOneUnderWay) {
      await goOut(run, user, room, random, way);
      hasEnded = await awaitTheEnd(follower, Date.now());
    } else if (hasEnded) run.revoked(Date.now() - leftAt);
    if (!hasEnded)
      run.violate(
        'revocation',
        `${user.name} left ${room.id} ${Date.now() - leftAt} ms ago and still follows it, connected for ${Date.now() - (follower.connectedSince ?? NaN)} ms`,
      );
    follower.stop();
    await delay(random.between(0, 1500));
    if (way === 'is banned') note(await lift());
  }

  const coming = (async () => {
    while (!isStopped)
      await stayForAWhile().catch(
        (error) => (
          run.violate('membership', `${user.name}: ${error.code} ${error.message}`),
          delay(1000)
        ),
      );
  })();
  return {
    async stop() {
      isStopped = true;
      await coming;
    },
  };
}
