import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { moveToPostgres } from '../../src/db/move-to-postgres.ts';
import { bytesOf, get, sendFiles, sha256, upload } from '../support/files.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { createDatabase, describeWithPostgres } from '../support/servers.ts';
import { person } from '../support/person.ts';
import { startNode } from '../support/start-node.ts';

const history =
  '{ room(name: "lobby") { id memberCount messages(first: 100) { edges { node { id seq body createdAt author { username } replyTo { id } mentions { username } } } } } found: searchMessages(query: "backslashes quotes") { edges { node { id } } } }';
const send =
  'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';

describeWithPostgres('moving from the embedded database to PostgreSQL', () => {
  const directory = temporaryDirectory();
  const newDirectory = `${temporaryDirectory()}/data`;
  const bytes = bytesOf(100_000);
  let file: { id: string; url: string };
  let url: string;
  let before: unknown;
  let cursor: string;
  beforeAll(async () => {
    url = await createDatabase('empty');
    await using node = await startNode({ settings: { DATA_DIR: directory, RATE_LIMITS: 'off' } });
    await using ann = await person(node, 'ann');
    const { room } = await ann.query(history);
    let replyToId: string | undefined;
    for (let turn = 0; turn < 5; turn++) {
      const input = {
        conversationId: room.id,
        body: `@ann says ${turn}: "quotes", 🙂 and \\backslashes\\`,
        replyToId,
        idempotencyKey: randomUUID(),
      };
      replyToId = (await ann.query(send, { input })).sendMessage.message.id;
    }
    file = await upload(node, ann, bytes);
    await sendFiles(ann, room.id, [file.id], { body: 'a file' });
    const follower = ann.follow(
      'subscription ($id: ID!) { roomMessages(roomId: $id) { cursor } }',
      { id: room.id },
    );
    cursor = (await follower.count(1)).events[0].cursor;
    before = await ann.query(history);
  }, 60_000);

  const move = (...more: string[]) =>
    promisify(execFile)(process.execPath, ['dist/move.js', directory, url, ...more], {
      timeout: 120_000,
    });

  it('copies everything, so that users can sign in and numbers continue', async () => {
    const { stdout } = await move(newDirectory);
    expect(stdout).toMatch(/messages +│ 6 [^]*Every file has its bytes/);
    await using node = await startNode({
      settings: { DATABASE_URL: url, DATA_DIR: newDirectory },
    });
    await using bob = await person(node, 'bob');
    const { signIn } = await bob.query(
      `mutation { signIn(input: { username: "ann", password: "correct horse battery staple" }) { session { user { username } } } }`,
    );
    expect(signIn.session.user.username).toBe('ann');
    const after = await bob.query(history);
    expect(after.room).toEqual({ ...(before as { room: object }).room, memberCount: 2 });
    expect(after.found.edges).toHaveLength(5);
    expect(after.found).toEqual((before as { found: object }).found);
    const sent = await bob.query(
      'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { seq } } }',
      { input: { conversationId: after.room.id, body: 'six' } },
    );
    expect(sent.sendMessage.message.seq).toBe(7);
    const answer = await get(node, bob, file.url);
    expect(sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(sha256(bytes));
    // [P2] [P15] It is the same history, so a cursor of before still counts.
    const follower = bob.follow(
      'subscription ($id: ID!, $after: Cursor) { roomMessages(roomId: $id, after: $after) { __typename ... on MemberJoined { user { username } } ... on MessageSent { message { body } } } }',
      { id: after.room.id, after: cursor },
    );
    expect((await follower.count(3)).events).toEqual([
      { __typename: 'MemberJoined', user: { username: 'bob' } },
      { __typename: 'MessageSent', message: { body: 'six' } },
      { __typename: 'CaughtUp' },
    ]);
  });

  it('leaves the checks of references as they were', async () => {
    const client = new pg.Client(url);
    await client.connect();
    const { rows } = await client.query(
      `select count(*)::int as deferrable from pg_constraint where contype = 'f' and condeferrable`,
    );
    expect(rows).toEqual([{ deferrable: 0 }]);
    await client.end();
  });

  it('refuses a database that is not empty, and does not change it', async () => {
    await expect(moveToPostgres(directory, url)).rejects.toThrow('The database is not empty');
  });

  it('says which files have no bytes', async () => {
    const [broken, empty] = [temporaryDirectory(), await createDatabase('empty')];
    {
      await using node = await startNode({ settings: { DATA_DIR: broken } });
      await using ann = await person(node, 'ann');
      file = await upload(node, ann, bytesOf(5));
      await rm(`${broken}/files`, { recursive: true });
    }
    await expect(
      promisify(execFile)(process.execPath, ['dist/move.js', broken, empty], { timeout: 120_000 }),
    ).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`missing\tdisk\t${file.id}`),
    });
  });
});
