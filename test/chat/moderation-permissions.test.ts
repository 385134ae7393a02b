import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  banMember,
  inSeconds,
  kickMember,
  moderationLog,
  muteMember,
  reportMessage,
  reports,
  resolveReport,
  setMemberRole,
  unbanMember,
} from '../support/moderating.ts';
import { Person, person, query } from '../support/person.ts';
import { createRoom, guest, inviteToRoom, joinRoom } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';

const actors = ['nobody', 'stranger', 'guest', 'member', 'moderator', 'owner', 'admin'] as const;
type Actor = (typeof actors)[number];
const outcomesOf = (...outcomes: string[]) =>
  Object.fromEntries(actors.map((actor, place) => [actor, outcomes[place]!])) as Record<
    Actor,
    string
  >;

/** The outcome of each operation in a public room, in the order of the actors. */
const table: { readonly [operation: string]: Record<Actor, string> } = {
  'setMemberRole of a member': outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'done',
    'done',
  ),
  'setMemberRole of an owner': outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'done',
  ),
  'kickMember of a member': outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'done',
    'done',
    'done',
  ),
  'kickMember of a moderator': outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'done',
    'done',
  ),
  'kickMember of an owner': outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'done',
  ),
  'kickMember of an admin': outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
  ),
  'kickMember of oneself': outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
  ),
  'banMember of a stranger': outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'done',
    'done',
    'done',
  ),
  'banMember of a member': outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'done',
    'done',
    'done',
  ),
  'banMember of a moderator': outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'done',
    'done',
  ),
  'banMember of an owner': outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'done',
  ),
  'banMember of an admin': outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
  ),
  unbanMember: outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'done',
    'done',
    'done',
  ),
  'muteMember of a member': outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'done',
    'done',
    'done',
  ),
  'muteMember of a moderator': outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'done',
    'done',
  ),
  'muteMember of an owner': outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'done',
  ),
  'muteMember of an admin': outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
  ),
  reportMessage: outcomesOf('UNAUTHENTICATED', 'done', 'FORBIDDEN', 'done', 'done', 'done', 'done'),
  'reports of a room': outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'done',
    'done',
    'done',
  ),
  reports: outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'done',
    'done',
    'done',
  ),
  resolveReport: outcomesOf(
    'UNAUTHENTICATED',
    'NOT_FOUND',
    'NOT_FOUND',
    'NOT_FOUND',
    'done',
    'done',
    'done',
  ),
  moderationLog: outcomesOf(
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'FORBIDDEN',
    'FORBIDDEN',
    'done',
    'done',
    'done',
  ),
};

describe('[P11] the permission to moderate', () => {
  let node: TestNode;
  const people = {} as Record<Actor | 'founder' | 'root' | 'peer' | 'deputy' | 'target', Person>;
  beforeAll(async () => {
    node = await startNode({ settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'admin,root' } });
    for (const name of [
      'founder',
      'stranger',
      'member',
      'moderator',
      'owner',
      'admin',
      'root',
      'peer',
      'deputy',
      'target',
    ] as const)
      people[name] = await person(node, name === 'moderator' ? 'modesta' : name);
    people.guest = await guest(node, 'Guest');
    people.nobody = new Person(node, {
      accessToken: '',
      refreshToken: null,
      user: { id: people.stranger.id, username: 'nobody' },
    });
  });
  afterAll(() => node[Symbol.asyncDispose]());

  let rooms = 0;
  async function newRoom(visibility: 'PUBLIC' | 'PRIVATE'): Promise<string> {
    const { id: roomId } = await createRoom(people.founder, {
      name: `room ${++rooms}`,
      visibility,
    });
    const insiders = [
      people.member,
      people.moderator,
      people.owner,
      people.peer,
      people.deputy,
      people.target,
    ];
    await inviteToRoom(people.founder, { roomId, userIds: insiders.map(({ id }) => id) });
    if (visibility === 'PUBLIC')
      for (const someone of [people.guest, people.root]) await joinRoom(someone, { roomId });
    const roles = [
      [people.moderator, 'MODERATOR'],
      [people.deputy, 'MODERATOR'],
      [people.owner, 'OWNER'],
      [people.peer, 'OWNER'],
    ] as const;
    for (const [{ id }, role] of roles)
      await setMemberRole(people.founder, { roomId, userId: id, role });
    return roomId;
  }
  const targets = (actor: Actor): { [name: string]: Person } => ({
    'a member': people.target,
    'a moderator': people.deputy,
    'an owner': people.peer,
    'an admin': people.root,
    'a stranger': people.stranger,
    oneself: people[actor],
  });

  async function attempt(operation: string, actor: Actor, roomId: string): Promise<string> {
    const [name, who] = operation.split(' of ') as [string, string | undefined];
    const someone = people[actor];
    const at = { roomId, userId: targets(actor)[who ?? 'a stranger']?.id ?? '' };
    const messageOf = async () => (await send(people.target, roomId, 'a message')).id;
    const deeds: { [name: string]: () => Promise<unknown> } = {
      setMemberRole: () => setMemberRole(someone, { ...at, role: 'MODERATOR' }),
      kickMember: () => kickMember(someone, at),
      banMember: () => banMember(someone, at),
      unbanMember: async () => {
        await banMember(people.founder, at);
        return unbanMember(someone, at);
      },
      muteMember: () => muteMember(someone, { ...at, until: inSeconds(60) }),
      reportMessage: async () =>
        reportMessage(someone, { messageId: await messageOf(), reason: 'spam' }),
      reports: () => reports(someone, who ? { roomId } : {}),
      resolveReport: async () =>
        resolveReport(someone, {
          reportId: (
            await reportMessage(people.founder, { messageId: await messageOf(), reason: 'spam' })
          ).id,
        }),
      moderationLog: () => moderationLog(someone, roomId),
    };
    return deeds[name]!().then(
      () => 'done',
      (error) => error.code ?? String(error),
    );
  }

  /** Where the next attempt is made, until one has changed it. */
  let roomId: string | undefined;
  for (const [operation, expected] of Object.entries(table))
    it(`${operation}, in a public room`, async () => {
      const found: Record<string, string> = {};
      for (const actor of actors) {
        roomId ??= await newRoom('PUBLIC');
        found[actor] = await attempt(operation, actor, roomId);
        if (found[actor] === 'done' && !operation.startsWith('report')) roomId = undefined;
      }
      expect(found).toEqual(expected);
    });

  it('is NOT_FOUND in a private room for users outside, admins included', async () => {
    const roomId = await newRoom('PRIVATE');
    for (const operation of Object.keys(table).filter((name) => name !== 'reports'))
      for (const actor of ['stranger', 'admin'] as const)
        expect([operation, actor, await attempt(operation, actor, roomId)]).toEqual([
          operation,
          actor,
          'NOT_FOUND',
        ]);
  });

  it('has a row for every operation of moderation', async () => {
    const { __schema } = await query(
      node.url,
      '{ __schema { queryType { fields { name } } mutationType { fields { name } } } }',
    );
    const names: string[] = [...__schema.queryType.fields, ...__schema.mutationType.fields].map(
      ({ name }: { name: string }) => name,
    );
    // The table of all operations has those of backends and of reports about users.
    const ofModeration = names.filter(
      (name) =>
        /member|report|moderation/i.test(name) &&
        !/^(add|remove)Members$|^setMemberMetadata$|user|^openReportCount$/i.test(name),
    );
    expect(
      ofModeration.filter(
        (name) => !Object.keys(table).some((operation) => operation.split(' ')[0] === name),
      ),
    ).toEqual([]);
    expect(ofModeration).toHaveLength(9);
  });
});
