import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, type Person } from '../support/person.ts';
import { service, type TestService } from '../support/service.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

let node: TestNode;
let ann: Person;
let shop: TestService;
let folder: string;

const script = ['node_modules/tsx/dist/cli.mjs', 'scripts/import.ts'];
const argumentsOf = (path: string, more: readonly string[] = []) => [
  ...script,
  '--url',
  node.url,
  ...more,
  path,
];
const environment = () => ({ ...process.env, SERVICE_TOKEN: shop.token });
const run = async (path: string, more: readonly string[] = []): Promise<string> =>
  (
    await promisify(execFile)(process.execPath, argumentsOf(path, more), {
      env: environment(),
      timeout: 120_000,
    })
  ).stdout;

const messagesIn = async (name: string): Promise<any[]> =>
  (
    await ann.query(
      'query ($name: String!) { room(name: $name) { messages(last: 100) { edges { node { body createdAt author { username displayName isBot } replyTo { body } mentions { username } } } } } }',
      { name },
    )
  ).room.messages.edges.map(({ node: message }: any) => message);

describe.each([
  { database: 'PostgreSQL, if it is installed', isEmbedded: false, many: 30_000 },
  { database: 'the embedded database', isEmbedded: true, many: 6_000 },
])('npm run import, with $database', ({ isEmbedded, many }) => {
  beforeAll(async () => {
    node = await startNode({
      isEmbedded: isEmbedded || undefined,
      settings: { RATE_LIMITS: 'off' },
    });
    ann = await person(node, 'ann');
    shop = await service(node);
    folder = await mkdtemp(join(tmpdir(), 'causerie-import-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await ann[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
  });

  it('imports an export of Slack, and a repeat changes nothing', async () => {
    expect(await run('test/imports/slack', ['--from', 'slack'])).toMatch(
      /4 users, 1 rooms, 2 members, 3 messages \(0 were/,
    );
    expect(await run('test/imports/slack', ['--from', 'slack'])).toMatch(/0 messages \(3 were/);
    expect(await messagesIn('general')).toEqual([
      {
        body: 'Hello @bobby & all, see the page (https://example.com/a) in #general',
        createdAt: '2017-11-30T23:52:30.000Z',
        author: { username: 'ada', displayName: 'Ada Byron', isBot: false },
        replyTo: null,
        mentions: [{ username: 'bobby' }],
      },
      expect.objectContaining({
        body: 'Thank you',
        replyTo: { body: expect.stringContaining('Hello') },
      }),
      expect.objectContaining({
        body: 'Deployed',
        author: expect.objectContaining({ displayName: 'Deploys', isBot: true }),
      }),
    ]);
  }, 120_000);

  it('imports collections of Rocket.Chat', async () => {
    expect(await run('test/imports/rocket.chat', ['--from', 'rocket.chat'])).toMatch(
      /2 users, 1 rooms, 1 members, 2 messages/,
    );
    expect(await messagesIn('General talk')).toMatchObject([
      {
        body: 'This is a test!',
        createdAt: '2016-12-14T20:56:05.117Z',
        author: { username: 'carol' },
      },
      { body: 'It works', author: { isBot: true }, replyTo: { body: 'This is a test!' } },
    ]);
  }, 120_000);

  it('imports a bulk export of Mattermost', async () => {
    expect(await run('test/imports/mattermost.jsonl', ['--from', 'mattermost'])).toMatch(
      /2 users, 1 rooms, 1 members, 2 messages/,
    );
    expect(await messagesIn('Town Square')).toMatchObject([
      { body: 'Hi @emil', author: { displayName: 'Dora D' }, mentions: [{ username: 'emil' }] },
      { body: 'Hello', replyTo: { body: 'Hi @emil' } },
    ]);
  }, 120_000);

  it.each([
    ['slack', 'test/imports/slack'],
    ['rocket.chat', 'test/imports/rocket.chat'],
    ['mattermost', 'test/imports/mattermost.jsonl'],
  ])(
    '--convert prints lines of %s that say the same',
    async (from, source) => {
      const lines = await run(source, ['--from', from, '--convert']);
      const types = lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).type);
      expect(new Set(types)).toEqual(new Set(['user', 'room', 'members', 'message']));
      const path = join(folder, `${from}.jsonl`);
      await writeFile(path, lines);
      // All is there from the import of the export itself.
      const messages = types.filter((type) => type === 'message').length;
      const users = types.filter((type) => type === 'user').length;
      expect(await run(path)).toMatch(
        new RegExp(`${users} users, 1 rooms, .* 0 messages \\(${messages} were there already\\)`),
      );
    },
    120_000,
  );

  it('can be killed and started again, and then all is there once, in order', async () => {
    const count = many;
    const lines = [
      { type: 'user', externalId: 'w-1' },
      { type: 'room', externalId: 'big', name: 'Big' },
      ...Array.from({ length: count }, (_, index) => ({
        type: 'message',
        conversationId: 'external:big',
        externalId: `w-${index}`,
        authorId: 'external:w-1',
        body: `message ${index}`,
        createdAt: '2020-01-01T00:00:00.000Z',
      })),
    ];
    const path = join(folder, 'big.jsonl');
    await writeFile(path, lines.map((line) => JSON.stringify(line)).join('\n'));
    const killed = spawn(process.execPath, argumentsOf(path), { env: environment() });
    const newest = async (): Promise<number> =>
      (await ann.query('{ room(name: "Big") { lastMessage { seq } } }')).room?.lastMessage?.seq ??
      0;
    await until('the import is under way', async () => (await newest()) > 0);
    killed.kill('SIGKILL');
    if (killed.exitCode === null && killed.signalCode === null) await once(killed, 'exit');
    expect(await newest()).toBeLessThan(count);
    expect(await run(path)).toMatch(/\(\d*[1-9]\d* were there already\)/);
    expect(await newest()).toBe(count);
    const last = await messagesIn('Big');
    expect(last.map(({ body }) => body)).toEqual(
      Array.from({ length: 100 }, (_, index) => `message ${count - 100 + index}`),
    );
  }, 180_000);
});

describe('npm run import', () => {
  beforeAll(async () => {
    node = await startNode({ settings: { RATE_LIMITS: 'off' } });
    shop = await service(node);
    folder = await mkdtemp(join(tmpdir(), 'causerie-import-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await node[Symbol.asyncDispose]();
  });

  const fileWith = async (name: string, lines: readonly unknown[]): Promise<string> => {
    const path = join(folder, name);
    await writeFile(
      path,
      lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
    );
    return path;
  };
  const user = { type: 'user', externalId: 'x-1' };

  it.each<[string, () => Promise<string>, string[], RegExp]>([
    ['a file that does not exist', async () => join(folder, 'none'), [], /ENOENT/],
    [
      'a file to convert that does not exist',
      async () => join(folder, 'none'),
      ['--convert'],
      /ENOENT/,
    ],
    ['a line that is not JSON', () => fileWith('a', [user, '{']), [], /Line 2 of .* is not JSON/],
    ['a line of another type', () => fileWith('b', [{ type: 'team' }]), [], /type "team".*--from/],
    ['an unknown source', () => fileWith('c', [user]), ['--from', 'irc'], /Usage/],
    [
      'a value that the server refuses',
      () => fileWith('d', [user, { ...user, externalId: 'x-2', username: '!' }]),
      [],
      /upsertUsers was refused: `users\[1\]`: A username has/,
    ],
  ])(
    'fails with a reason and the exit code 1: %s',
    async (_which, path, more, reason) => {
      await expect(run(await path(), more)).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(reason),
      });
    },
    60_000,
  );

  it('names the scope that the token lacks', async () => {
    const path = await fileWith('e', [user]);
    const { token } = await service(node, ['messages']);
    await expect(
      promisify(execFile)(process.execPath, argumentsOf(path), {
        env: { ...process.env, SERVICE_TOKEN: token },
      }),
    ).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('`users`') });
  }, 60_000);
});
