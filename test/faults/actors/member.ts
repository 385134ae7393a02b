import { setTimeout as delay } from 'node:timers/promises';
import { GraphQLRefused } from '../../support/person.ts';
import { insist, request } from '../cluster/request.ts';
import type { User } from '../cluster/users.ts';
import type { Random } from '../random.ts';
import type { Follower } from './follower.ts';
import type { Actor, Room, Run } from './run.ts';
import { sendIfAllowed } from './writer.ts';

const join = 'mutation ($input: JoinRoomInput!) { joinRoom(input: $input) { room { id } } }';
const invite = 'mutation ($input: InviteToRoomInput!) { inviteToRoom(input: $input) { room { id } } }';
const leave = 'mutation ($input: LeaveRoomInput!) { leaveRoom(input: $input) { room { id } } }';

/** Makes somebody a member: by themselves, or by the owner's invitation. */
export async function comeIn(run: Run, user: User, room: Room, random: Random): Promise<void> {
  const [asker, document, input] = room.isPrivate ? [room.owner, invite, { roomId: room.id, userIds: [user.id] }] : [user, join, { roomId: room.id }];
  await insist(run.endpoints, asker, random, (url, token) => request(url, token, document, { input }));
  run.counts.joins++;
}

/** A repeat of what succeeded is refused: by CONFLICT, or where nobody else may look, as if there were nothing. */
async function goOut(run: Run, user: User, room: Room, random: Random): Promise<void> {
  try {
    await insist(run.endpoints, user, random, (url, token) => request(url, token, leave, { input: { roomId: room.id } }));
  } catch (error) {
    if (!(error instanceof GraphQLRefused) || (error.code !== 'CONFLICT' && error.code !== 'NOT_FOUND')) throw error;
  }
  run.counts.leaves++;
}

/** Joins, follows, writes and leaves, over and over, sends and leaving under way together. Has left, and follows nothing, when stopped. */
export function startMember(run: Run, follower: Follower, room: Room, random: Random): Actor {
  const { user } = follower;
  let isStopped = false;
  let number = 0;

  async function stayForAWhile(): Promise<void> {
    await comeIn(run, user, room, random);
    follower.begin();
    const sends: Promise<void>[] = [];
    for (let left = Math.floor(random.between(0, 6)); left > 0; left--) {
      await delay(random.between(0, 500));
      sends.push(sendIfAllowed(run, user, room, `${user.name}-${++number}`, random));
    }
    await goOut(run, user, room, random);
    const leftAt = Date.now();
    await Promise.all(sends);
    while (follower.isFollowing && Date.now() < leftAt + 30_000) await delay(10);
    if (follower.isFollowing) run.violate('revocation', `${user.name} left ${room.id} 30 s ago and still follows it`);
    else run.revoked(Date.now() - leftAt);
    follower.stop();
    await delay(random.between(0, 1500));
  }

  const coming = (async () => {
    while (!isStopped) await stayForAWhile().catch((error) => run.violate('membership', `${user.name}: ${error.code} ${error.message}`));
  })();
  return {
    async stop() {
      isStopped = true;
      await coming;
    },
  };
}
