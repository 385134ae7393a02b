import { createApplication, type Application } from './actors/application.ts';
import { createFollower, type Follower } from './actors/follower.ts';
import { comeIn, startMember } from './actors/member.ts';
import { startIntruder, tryEverything } from './actors/intruder.ts';
import { checkPresence, type PresenceCheck } from './actors/presence.ts';
import { startReader } from './actors/reader.ts';
import type { Actor, Room, Run } from './actors/run.ts';
import { startStalledReader } from './actors/stalled-reader.ts';
import { createWebhookReceiver, type WebhookReceiver } from './actors/webhook-receiver.ts';
import { startVisitor } from './actors/visitor.ts';
import { sendIfAllowed, startWriter } from './actors/writer.ts';
import type { TestedCluster } from './cluster/cluster.ts';
import { request } from './cluster/request.ts';
import { createUser, createUsers, type Access, type User } from './cluster/users.ts';
import type { Random } from './random.ts';

/** The number of actors. */
export interface Size {
  readonly writers: number;
  readonly followers: number;
  readonly members: number;
  /** Followers of one quiet room, which all reconnect at once. */
  readonly crowd: number;
}

/** All actors of a run. */
export interface Cast {
  readonly rooms: readonly Room[];
  readonly followers: readonly Follower[];
  readonly application: Application;
  readonly webhook: WebhookReceiver;
  /** Starts them. */
  begin(): Actor[];
  /** Sends one more message to each room. */
  sayOneMore(): Promise<void>;
  readonly presence: PresenceCheck;
  /** Tries every forbidden action. Call it while no fault is active. */
  tryEverything(): Promise<void>;
}

const shortTokenMs = 5000;
/** A user may hold 20 connections at a node. */
const followersPerUser = 8;
const busyPauseMs = 70;
const quietPauseMs = 700;
const longPauseMs = 250;
/** 16 KB of UTF-8. */
const longBody = '😀'.repeat(3900);
const stalledReaders = 3;

/** Creates the users, the rooms and the initial members. Call it while no fault is active. */
export async function gatherCast(
  run: Run,
  cluster: TestedCluster,
  size: Size,
  random: Random,
): Promise<Cast> {
  const { access, nodes } = cluster;
  const named = (name: string, count: number) =>
    Array.from({ length: count }, (_, place) => `${name}-${place + 1}`);
  const owner = await createUser(access, 'owner');
  const rooms = await Promise.all(
    ['north', 'east', 'south', 'west'].map((name) => createRoom(access, owner, name, 'PUBLIC')),
  );
  const hidden = await createRoom(access, owner, 'hidden', 'PRIVATE');
  const square = await createRoom(access, owner, 'square', 'PUBLIC');
  const library = await createRoom(access, owner, 'library', 'PUBLIC');
  const busy = [...rooms, hidden];

  const writers = await createUsers(access, named('writer', size.writers));
  const steady = [
    ...(await createUsers(access, named('steady', Math.ceil((size.followers * 2) / 3)))),
    ...(await createUsers(access, named('expiring', Math.floor(size.followers / 3)), shortTokenMs)),
  ];
  const comers = await createUsers(access, named('comer', size.members));
  const crowd = await createUsers(access, named('crowd', Math.ceil(size.crowd / followersPerUser)));
  const [novelist, sleeper, stranger, hoarder, regular] = (await createUsers(access, [
    'novelist',
    'sleeper',
    'stranger',
    'hoarder',
    'regular',
  ])) as [User, User, User, User, User];
  const target = {
    member: writers[0]!,
    stranger,
    hoarder,
    room: rooms[0]!,
    otherRoom: rooms[1]!,
    hiddenRoom: hidden,
    secret: access.secret,
  };
  const follower = (user: User, room: Room) =>
    createFollower(run, user, room.id, user.name, random.fork(user.name));
  // As most applications set their clients up.
  const ofCrowd = (name: string, place: number) =>
    createFollower(run, crowd[place % crowd.length]!, square.id, name, random.fork(name), false);

  const roomOf = new Map(
    [...steady, ...comers].map((user, place) => [user, busy[place % busy.length]!]),
  );
  const letIn = async (user: User, room: Room) => comeIn(run, user, room, random.fork(user.name));
  for (const user of writers) await Promise.all(busy.map((room) => letIn(user, room)));
  await inTens(steady, (user) => letIn(user, roomOf.get(user)!));
  await inTens(crowd, (user) => letIn(user, square));
  for (const user of [novelist, sleeper]) await letIn(user, library);
  await letIn(regular, rooms[0]!);

  const steadyFollowers = steady.map((user) => follower(user, roomOf.get(user)!));
  const comerFollowers = comers.map((user) => follower(user, roomOf.get(user)!));
  const crowdFollowers = named('crowd follower', size.crowd).map(ofCrowd);

  const others = steady.filter((user) => roomOf.get(user) === rooms[0]);
  const presence = checkPresence(
    run,
    nodes,
    { regular, watcher: owner, others, room: rooms[0]! },
    random.fork('presence'),
  );

  const application = createApplication({
    run,
    databaseUrl: cluster.databaseUrl,
    secret: access.secret,
    rooms: [...busy, square, library],
    random: random.fork('application'),
  });
  await application.begin();
  const webhook = createWebhookReceiver({
    run,
    access,
    databaseUrl: cluster.databaseUrl,
    rooms: [...busy, square, library],
    random: random.fork('webhook'),
  });
  await webhook.begin();

  return {
    rooms: [...busy, square, library],
    application,
    webhook,
    presence,
    followers: [...steadyFollowers, ...comerFollowers, ...crowdFollowers],
    begin() {
      for (const one of [...steadyFollowers, ...crowdFollowers]) one.begin();
      presence.begin();
      const transports = ['HTTP', 'socket'] as const;
      return [
        ...writers.map((user, place) =>
          startWriter(run, user, busy, random.fork(user.name), {
            transport: transports[place % 2]!,
            pauseMs: busyPauseMs,
          }),
        ),
        startWriter(run, owner, [square], random.fork('owner'), {
          transport: 'HTTP',
          pauseMs: quietPauseMs,
        }),
        startWriter(run, novelist, [library], random.fork('novelist'), {
          transport: 'HTTP',
          pauseMs: longPauseMs,
          body: longBody,
        }),
        ...Array.from({ length: stalledReaders }, (_, place) =>
          startStalledReader(run, nodes, sleeper, library, random.fork(`sleeper ${place}`)),
        ),
        ...steadyFollowers
          .filter((_, place) => place % 3 === 0)
          .map((one) => startVisitor(one, random.fork(`visits of ${one.name}`))),
        ...comerFollowers.map((one) =>
          startMember(run, one, roomOf.get(one.user)!, random.fork(`visits of ${one.name}`)),
        ),
        startReader(run, writers[0]!, busy, random.fork('reader')),
        startIntruder(run, nodes, target, random.fork('intruder')),
      ];
    },
    async sayOneMore() {
      for (const room of [...busy, square, library])
        await sendIfAllowed(run, owner, room, `one-more-${room.id}`, random);
    },
    tryEverything: () => tryEverything(run, nodes, target),
  };
}

export async function createRoom(
  { url }: Access,
  owner: User,
  name: string,
  visibility: 'PUBLIC' | 'PRIVATE',
): Promise<Room> {
  const { token } = await owner.sign();
  const document =
    'mutation ($input: CreateRoomInput!) { createRoom(input: $input) { room { id } } }';
  const { createRoom: created } = await request(url, token, document, {
    input: { name, visibility },
  });
  return { id: created.room.id, owner, isPrivate: visibility === 'PRIVATE' };
}

async function inTens<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < items.length; from += 10)
    await Promise.all(items.slice(from, from + 10).map(work));
}
