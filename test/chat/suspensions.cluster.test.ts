import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportMessage, resolveReport, setMemberRole } from '../support/moderating.ts';
import { notificationsOf } from '../support/notifications.ts';
import { password, person, query, type Person } from '../support/person.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { describeWithServers } from '../support/servers.ts';
import { send } from '../support/send-and-follow.ts';
import { service } from '../support/service.ts';
import { startCluster, startNode, type TestNode } from '../support/start-node.ts';
import { reportUser, resolveUserReport, suspendUser, userReports } from '../support/suspending.ts';
import { until } from '../support/until.ts';

const inAnHour = () => new Date(Date.now() + 3_600_000);
const signIn = (node: TestNode, username: string) =>
  query(
    node.url,
    'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }',
    { input: { username, password } },
  );

function describeSuspensions(start: () => Promise<readonly [TestNode, TestNode]>): void {
  let here: TestNode, there: TestNode;
  let root: Person;
  beforeAll(async () => {
    [here, there] = await start();
    root = await person(here, 'root');
  });
  afterAll(async () => {
    await root[Symbol.asyncDispose]();
    for (const node of new Set([here, there])) await node[Symbol.asyncDispose]();
  });

  it('closes the sockets of the user on every node within a second, and refuses tokens with the reason', async () => {
    const eve = await person(here, 'eve');
    const places = [eve, eve.at(there)];
    const closed: number[] = [];
    const streams = places.map((place) =>
      place.follow(
        'subscription { notifications { __typename } }',
        {},
        place.connect({ on: { closed: () => void closed.push(performance.now()) } }),
      ),
    );
    for (const received of streams)
      await received.find(({ __typename }) => __typename === 'CaughtUp');
    const end = inAnHour();
    const before = performance.now();
    const shown = await suspendUser(root, { userId: eve.id, reason: 'spam', until: end });
    expect(shown).toEqual({ username: 'eve', suspendedUntil: end.toISOString() });
    const endings = await Promise.all(streams.map((received) => received.ended()));
    expect(endings.map((ending) => ending?.code)).toEqual(['4401', '4401']);
    expect(Math.max(...closed) - before).toBeLessThan(1000);
    const refusal = {
      code: 'UNAUTHENTICATED',
      extensions: { reason: 'SUSPENDED', until: end.toISOString(), explanation: 'spam' },
    };
    for (const place of places) {
      await expect(place.query('{ viewer { id } }')).rejects.toMatchObject(refusal);
      const again = place.follow('subscription { lobby { __typename } }', {}, place.connect());
      expect((await again.ended())?.code).toBe('4401');
    }
    await expect(signIn(there, 'eve')).rejects.toMatchObject(refusal);
    const refresh = () =>
      query(
        there.url,
        'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { session { accessToken } } }',
        { input: { refreshToken: eve.refreshToken } },
      );
    await expect(refresh()).rejects.toMatchObject(refusal);
    expect((await suspendUser(root, { userId: eve.id, until: new Date(0) })).suspendedUntil).toBe(
      null,
    );
    await until('the suspension is lifted on both nodes', async () => {
      const answers = await Promise.allSettled(places.map((one) => one.query('{ viewer { id } }')));
      return answers.every(({ status }) => status === 'fulfilled');
    });
    await refresh();
    for (const place of places) await place[Symbol.asyncDispose]();
  });

  it('ends by itself, and is permanent without an end', async () => {
    const pat = await person(here, 'pat');
    await suspendUser(root, { userId: pat.id, until: new Date(Date.now() + 1500) });
    await expect(pat.query('{ viewer { id } }')).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    await until('it ends', () =>
      pat.query('{ viewer { id } }').then(
        () => true,
        () => false,
      ),
    );
    expect((await suspendUser(root, { userId: pat.id })).suspendedUntil).toMatch(/^9999/);
    await expect(signIn(here, 'pat')).rejects.toMatchObject({
      extensions: { reason: 'SUSPENDED', until: null },
    });
  });

  it('is for admins and for backends with the scope, not against admins, and shown to them only', async () => {
    const [max, boss] = [await person(here, 'max'), await person(here, 'boss')];
    const outcome = (work: Promise<unknown>) =>
      work.then(
        () => 'done',
        ({ code }) => code,
      );
    expect(await outcome(suspendUser(max, { userId: boss.id }))).toBe('FORBIDDEN');
    expect(await outcome(suspendUser(root, { userId: boss.id }))).toBe('FORBIDDEN');
    expect(await outcome(suspendUser(root, { userId: root.id }))).toBe('FORBIDDEN');
    const shop = await service(here, ['users']);
    const bakery = await service(here, ['notify'], 'bakery');
    expect(await outcome(suspendUser(bakery, { userId: max.id }))).toBe('FORBIDDEN');
    const end = inAnHour();
    expect(await suspendUser(shop, { userId: max.id, until: end })).toMatchObject({
      suspendedUntil: end.toISOString(),
    });
    const seen = async (by: Person) =>
      (await by.query('query ($id: ID!) { user(id: $id) { suspendedUntil } }', { id: max.id })).user
        .suspendedUntil;
    const zoe = await person(here, 'zoe');
    expect([await seen(zoe), await seen(root)]).toEqual([null, end.toISOString()]);
  });

  it('of open reports, those who can resolve them receive the number', async () => {
    const [ann, bob, kim] = (await Promise.all(
      ['ann', 'bob', 'kim'].map((name) => person(here, name)),
    )) as [Person, Person, Person];
    const { id: roomId } = await createRoom(ann, { name: 'square' });
    for (const someone of [bob, kim]) await joinRoom(someone, { roomId });
    await setMemberRole(ann, { roomId, userId: bob.id, role: 'MODERATOR' });
    const follow = (someone: Person) =>
      someone
        .at(there)
        .follow(
          'subscription { notifications { __typename ... on OpenReportsChanged { openReportCount } } }',
        );
    const streams = [ann, bob, root, kim].map(follow);
    for (const received of streams)
      await received.find(({ __typename }) => __typename === 'CaughtUp');
    const { id: messageId } = await send(ann, roomId, 'rude');
    const { id: reportId } = await reportMessage(kim, { messageId, reason: 'rude' });
    await reportUser(kim, { userId: ann.id, reason: 'rude, too' });
    await reportUser(kim, { userId: ann.id, reason: 'again' });
    await resolveReport(bob, { reportId });
    const [report, ...others] = await userReports(root, false);
    expect([report, others]).toMatchObject([
      { reason: 'rude, too', user: { username: 'ann' }, reporter: { username: 'kim' } },
      [],
    ]);
    expect((await notificationsOf(root))[0]).toMatchObject({
      type: 'user_reported',
      message: 'rude, too',
      data: { reportId: report.id, userId: ann.id },
    });
    await expect(userReports(kim)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await resolveUserReport(root, report.id);
    const counts = (place: number) =>
      streams[place]!.events.filter(({ __typename }) => __typename === 'OpenReportsChanged').map(
        ({ openReportCount }) => openReportCount,
      );
    await until('all are told', () => counts(2).length === 4 && counts(0).length === 2);
    for (const [place, someone] of [ann, bob, root].entries()) {
      const { openReportCount } = await someone.query('{ openReportCount }');
      expect([counts(place).at(-1), openReportCount]).toEqual([0, 0]);
    }
    expect(counts(1).length).toBe(2);
    expect([counts(3), (await kim.query('{ openReportCount }')).openReportCount]).toEqual([[], 0]);
    expect((await notificationsOf(root))[0].readAt).toBeTruthy();
  });
}

const settings = { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root,boss' };

describeWithServers('suspension, on two nodes', () =>
  describeSuspensions(async () => {
    const [here, there] = await startCluster(2, { settings });
    return [here!, there!];
  }),
);

describe('suspension, embedded', () =>
  describeSuspensions(async () => {
    const node = await startNode({ isEmbedded: true, settings });
    return [node, node];
  }));
