import { expect, it } from 'vitest';
import pg from 'pg';
import { v7 as newId } from 'uuid';
import { person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { markRead } from '../support/reading.ts';
import { createRoom, inviteToRoom } from '../support/rooms.ts';
import { describeWithPostgres } from '../support/servers.ts';
import { startNode } from '../support/start-node.ts';

const codeOf = (work: Promise<unknown>): Promise<any> =>
  work.then(
    () => ({ code: 'done' }),
    (error) => error,
  );

it('[P12] limits how often read markers can be moved', async () => {
  await using node = await startNode();
  const [ann, bob] = [await person(node, 'ann'), await person(node, 'bob')];
  const { conversation } = await sendPrivate(ann, bob, 'x');
  const answers = await Promise.all(
    Array.from({ length: 150 }, () => codeOf(markRead(bob, conversation.id, 1000))),
  );
  const refused = answers.filter(({ code }) => code === 'RATE_LIMITED');
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0].extensions.retryAfterMs).toBeGreaterThan(0);
  expect(answers.filter(({ code }) => code === 'done').length).toBeGreaterThanOrEqual(100);
});

it('[P12] limits how often strangers can be added to private rooms, but not known users', async () => {
  await using node = await startNode();
  const [ann, bob] = [await person(node, 'ann'), await person(node, 'bob')];
  const strangers = await Promise.all(
    Array.from({ length: 21 }, (_, index) => person(node, `stranger-${index}`)),
  );
  const userIds = strangers.map(({ id }) => id);
  const rooms = await Promise.all(
    Array.from({ length: 11 }, (_, index) =>
      createRoom(ann, { name: `cellar ${index}`, visibility: 'PRIVATE' }),
    ),
  );
  await sendPrivate(bob, ann, 'x');
  const outcomes: string[] = [];
  for (const { id: roomId } of rooms) {
    outcomes.push((await codeOf(inviteToRoom(ann, { roomId, userIds }))).code);
    for (const stranger of strangers)
      await stranger
        .query('mutation ($input: LeaveRoomInput!) { leaveRoom(input: $input) { room { id } } }', {
          input: { roomId },
        })
        .catch(() => {});
  }
  expect(outcomes.slice(0, 9)).toEqual(Array(9).fill('done'));
  expect(outcomes.at(-1)).toBe('RATE_LIMITED');
  await inviteToRoom(ann, { roomId: rooms[0]!.id, userIds: [bob.id] });
});

it('[P12] limits in how many private rooms a user can put the same stranger, who has not written to them', async () => {
  await using node = await startNode();
  const [ann, bob] = [await person(node, 'ann'), await person(node, 'bob')];
  const invite = async (name: string) => {
    const { id: roomId } = await createRoom(ann, { name, visibility: 'PRIVATE' });
    return (await codeOf(inviteToRoom(ann, { roomId, userIds: [bob.id] }))).code;
  };
  // What the inviter writes makes no acquaintances.
  await sendPrivate(ann, bob, 'join my rooms');
  for (let nth = 1; nth <= 10; nth++) expect(await invite(`spam ${nth}`)).toBe('done');
  expect(await invite('spam 11')).toBe('RATE_LIMITED');
  await sendPrivate(bob, ann, 'gladly');
  expect(await invite('welcome')).toBe('done');
});

describeWithPostgres('conversations with ever more people', () => {
  it('[P12] are limited in number per time, while existing ones are not', async () => {
    await using node = await startNode({ limits: { sendsBurst: 1000 } });
    const [ann, bob] = [await person(node, 'ann'), await person(node, 'bob')];
    await sendPrivate(ann, bob, 'x');
    const client = new pg.Client(node.settings.DATABASE_URL);
    await client.connect();
    const strangers = Array.from({ length: 80 }, () => ({ id: newId() }));
    await client.query(
      `insert into users (id, username, display_name) select id, 'stranger' || nth, 'Stranger' from unnest($1::uuid[]) with ordinality as given(id, nth)`,
      [strangers.map(({ id }) => id)],
    );
    const answers = await Promise.all(
      strangers.map((stranger) => codeOf(sendPrivate(ann, stranger, 'buy this'))),
    );
    expect(answers.filter(({ code }) => code === 'RATE_LIMITED').length).toBeGreaterThan(10);
    expect((await sendPrivate(ann, bob, 'y')).message.seq).toBe(2);
    const { rows } = await client.query("select from conversations where kind = 'DIRECT'");
    expect(rows).toHaveLength(answers.filter(({ code }) => code === 'done').length + 1);
    await client.end();
  });
});
