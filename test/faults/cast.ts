import { createFollower, type Follower } from './actors/follower.ts';
import { comeIn, startMember } from './actors/member.ts';
import { startReader } from './actors/reader.ts';
import type { Actor, Room, Run } from './actors/run.ts';
import { startVisitor } from './actors/visitor.ts';
import { startWriter } from './actors/writer.ts';
import { request } from './cluster/request.ts';
import { createUser, createUsers, type User } from './cluster/users.ts';
import type { Random } from './random.ts';

/** How many take part. */
export interface Size {
  readonly writers: number;
  readonly followers: number;
  readonly members: number;
  /** Those who follow one quiet room, to come back all at once. */
  readonly crowd: number;
}

/** Everybody who takes part in a run. */
export interface Cast {
  readonly rooms: readonly Room[];
  readonly followers: readonly Follower[];
  /** Sets them going. */
  begin(): Actor[];
}

const shortTokenMs = 5000;
/** A user may hold 20 connections at a node. */
const followersPerUser = 8;
const busyPauseMs = 70;
const quietPauseMs = 700;

/** Makes users and rooms, and lets in who is to be there from the beginning. To be called while nothing is broken. */
export async function gatherCast(run: Run, size: Size, random: Random): Promise<Cast> {
  const { cluster } = run;
  const named = (name: string, count: number) => Array.from({ length: count }, (_, place) => `${name}-${place + 1}`);
  const owner = await createUser(cluster, 'owner');
  const rooms = await Promise.all(['north', 'east', 'south', 'west'].map((name) => createRoom(run, owner, name, 'PUBLIC')));
  const hidden = await createRoom(run, owner, 'hidden', 'PRIVATE');
  const square = await createRoom(run, owner, 'square', 'PUBLIC');
  const busy = [...rooms, hidden];

  const writers = await createUsers(cluster, named('writer', size.writers));
  const steady = [...(await createUsers(cluster, named('steady', Math.ceil((size.followers * 2) / 3)))), ...(await createUsers(cluster, named('expiring', Math.floor(size.followers / 3)), shortTokenMs))];
  const comers = await createUsers(cluster, named('comer', size.members));
  const crowd = await createUsers(cluster, named('crowd', Math.ceil(size.crowd / followersPerUser)));
  const follower = (user: User, room: Room, name = user.name) => createFollower(run, user, room.id, name, random.fork(name));

  const roomOf = new Map([...steady, ...comers].map((user, place) => [user, busy[place % busy.length]!]));
  const letIn = async (user: User, room: Room) => comeIn(run, user, room, random.fork(user.name));
  for (const user of writers) await Promise.all(busy.map((room) => letIn(user, room)));
  await inTens(steady, (user) => letIn(user, roomOf.get(user)!));
  await inTens(crowd, (user) => letIn(user, square));

  const steadyFollowers = steady.map((user) => follower(user, roomOf.get(user)!));
  const comerFollowers = comers.map((user) => follower(user, roomOf.get(user)!));
  const crowdFollowers = Array.from({ length: size.crowd }, (_, place) => follower(crowd[place % crowd.length]!, square, `crowd follower ${place + 1}`));

  return {
    rooms: [...busy, square],
    followers: [...steadyFollowers, ...comerFollowers, ...crowdFollowers],
    begin() {
      for (const one of [...steadyFollowers, ...crowdFollowers]) one.begin();
      const transports = ['HTTP', 'socket'] as const;
      return [
        ...writers.map((user, place) => startWriter(run, user, busy, random.fork(user.name), { transport: transports[place % 2]!, pauseMs: busyPauseMs })),
        startWriter(run, owner, [square], random.fork('owner'), { transport: 'HTTP', pauseMs: quietPauseMs }),
        ...steadyFollowers.filter((_, place) => place % 3 === 0).map((one) => startVisitor(one, random.fork(`visits of ${one.name}`))),
        ...comerFollowers.map((one) => startMember(run, one, roomOf.get(one.user)!, random.fork(`visits of ${one.name}`))),
        startReader(run, writers[0]!, busy, random.fork('reader')),
      ];
    },
  };
}

async function createRoom({ cluster }: Run, owner: User, name: string, visibility: 'PUBLIC' | 'PRIVATE'): Promise<Room> {
  const { token } = await owner.sign();
  const document = 'mutation ($input: CreateRoomInput!) { createRoom(input: $input) { room { id } } }';
  const { createRoom: created } = await request(`${cluster.nodes[0]!.url}/graphql`, token, document, { input: { name, visibility } });
  return { id: created.room.id, owner, isPrivate: visibility === 'PRIVATE' };
}

async function inTens<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < items.length; from += 10) await Promise.all(items.slice(from, from + 10).map(work));
}
