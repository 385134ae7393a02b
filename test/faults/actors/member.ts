import { setTimeout as delay } from 'node:timers/promises';
import { GraphQLRefused } from '../../support/person.ts';
import { insist, request } from '../cluster/request.ts';
import type { User } from '../cluster/users.ts';
import type { Random } from '../random.ts';
import type { Follower } from './follower.ts';
import type { Actor, Room, Run } from './run.ts';
import { sendIfAllowed } from './writer.ts';

const mutation = (name: string, inputType: string, answer: string) => `mutation ($input: ${inputType}!) { ${name}(input: $input) { ${answer} } }`;
const join = mutation('joinRoom', 'JoinRoomInput', 'room { id }');
const invite = mutation('inviteToRoom', 'InviteToRoomInput', 'room { id }');
const leave = mutation('leaveRoom', 'LeaveRoomInput', 'room { id }');
const kick = mutation('kickMember', 'KickMemberInput', 'entry { id }');
const ban = mutation('banMember', 'BanMemberInput', 'entry { id }');
const unban = mutation('unbanMember', 'UnbanMemberInput', 'entry { id }');

/** How a membership ends. */
const waysOut = ['leaves', 'is kicked', 'is banned'] as const;
type WayOut = (typeof waysOut)[number];

/** While PostgreSQL is held up, who left hears of it only when it is back. */
const toldWithinMs = 30_000;

/** Makes somebody a member: by themselves, or by the owner's invitation. */
export async function comeIn(run: Run, user: User, room: Room, random: Random): Promise<void> {
  const [asker, document, input] = room.isPrivate ? [room.owner, invite, { roomId: room.id, userIds: [user.id] }] : [user, join, { roomId: room.id }];
  await insist(run.endpoints, asker, random, (url, token) => request(url, token, document, { input }));
  run.counts.joins++;
}

/** Asks until it is done. That it is done already, by a try without an answer, is refused: by CONFLICT, or as if there were nothing. */
async function insistOnce(run: Run, asker: User, random: Random, document: string, input: Record<string, string>): Promise<void> {
  try {
    await insist(run.endpoints, asker, random, (url, token) => request(url, token, document, { input }));
  } catch (error) {
    if (!(error instanceof GraphQLRefused) || (error.code !== 'CONFLICT' && error.code !== 'NOT_FOUND')) throw error;
  }
}

async function goOut(run: Run, user: User, room: Room, random: Random, way: WayOut): Promise<void> {
  const target = { roomId: room.id, userId: user.id };
  if (way === 'leaves') await insistOnce(run, user, random, leave, { roomId: room.id });
  else await insistOnce(run, room.owner, random, way === 'is kicked' ? kick : ban, target);
  run.counts.leaves++;
}

/** Comes in, follows, writes and goes out, over and over, sends and the end of the membership under way together. Has left, and follows nothing, when stopped. */
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
    const way = random.pick(waysOut);
    await goOut(run, user, room, random, way);
    const leftAt = Date.now();
    await Promise.all(sends);
    while (follower.isFollowing && Date.now() < leftAt + toldWithinMs) await delay(10);
    if (follower.isFollowing) run.violate('revocation', `${user.name} left ${room.id} ${toldWithinMs} ms ago and still follows it`);
    else run.revoked(Date.now() - leftAt);
    follower.stop();
    await delay(random.between(0, 1500));
    if (way === 'is banned') await insistOnce(run, room.owner, random, unban, { roomId: room.id, userId: user.id });
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
