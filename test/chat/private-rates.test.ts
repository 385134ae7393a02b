import { expect, it } from 'vitest';
import pg from 'pg';
import { v7 as newId } from 'uuid';
import { person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { markRead } from '../support/reading.ts';
import { describeWithPostgres } from '../support/servers.ts';
import { startNode } from '../support/start-node.ts';

const codeOf = (work: Promise<unknown>): Promise<any> =>
  work.then(
    () => ({ code: 'done' }),
    (error) => error,
  );

it('[P12] read markers are moved only so often', async () => {
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

describeWithPostgres('conversations with ever more people', () => {
  it('[P12] are begun only so often, while those that there are go on', async () => {
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
