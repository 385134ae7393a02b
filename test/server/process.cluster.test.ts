import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockDirectory } from '../../src/db/lock.ts';
import { password, person, query, Person } from '../support/person.ts';
import { runProgram, startProgram, type Program } from '../support/program.ts';
import { createRoom } from '../support/rooms.ts';
import { temporaryDirectory, unprivilegedUser } from '../support/server-process.ts';
import { embeddedDirectory } from '../support/servers.ts';
import { freshDatabase, type TestNode } from '../support/start-node.ts';
import { bodies, follow, followLive, send } from '../support/send-and-follow.ts';

const asNode = ({ url, wsUrl }: Program) => ({ url, wsUrl }) as TestNode;
/** Each test starts the program up to twice. On a busy machine, a start takes 15 s. */
const patientMs = 120_000;
const embeddedIn = (DATA_DIR: string) => ({ DATA_DIR, RATE_LIMITS: 'off' });

describe('the program with the embedded database', { timeout: patientMs }, () => {
  it('[P6] keeps every acknowledged message, account and token when it is killed', async () => {
    const directory = await embeddedDirectory();
    const first = await startProgram(embeddedIn(directory));
    const ann = await person(asNode(first), 'ann');
    const { id } = await createRoom(ann, { name: 'Quay' });
    const received = await followLive(ann, id);
    const acknowledged: string[] = [];
    const sending = Promise.all(
      Array.from({ length: 4 }, async (_, writer) => {
        for (let count = 0; ; count++)
          await send(ann, id, `${writer}/${count}`).then(() =>
            acknowledged.push(`${writer}/${count}`),
          );
      }),
    ).catch(() => {});
    await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(100);
    first.process.kill('SIGKILL');
    await Promise.all([first.ended, sending]);
    const cursor = received.events[50].cursor;
    await ann[Symbol.asyncDispose]();

    await using second = await startProgram(embeddedIn(directory));
    await using annAgain = new Person(asNode(second), {
      accessToken: ann.token,
      refreshToken: null,
      user: ann,
    });
    const all = follow(annAgain, id, { last: 100 });
    await all.find(({ __typename }) => __typename === 'CaughtUp');
    const resumed = follow(annAgain, id, { after: cursor });
    await resumed.find(({ __typename }) => __typename === 'CaughtUp');
    expect(bodies(resumed).slice(0, 10)).toEqual(bodies(received).slice(50, 60));
    const stored = [...bodies(received).slice(0, 50), ...bodies(resumed)];
    expect(acknowledged.filter((body) => !stored.includes(body))).toEqual([]);
    expect(new Set(stored).size).toBe(stored.length);
    expect(bodies(all)).toEqual(stored.slice(-100));
  });

  it('stops cleanly on SIGTERM: it closes sockets with 1012, and leaves no lock', async () => {
    const directory = await embeddedDirectory();
    await using program = await startProgram(embeddedIn(directory));
    await using ann = await person(asNode(program), 'ann');
    const { room } = await ann.query('{ room(name: "lobby") { id } }');
    const received = await followLive(ann, room.id);
    const answers = Promise.all(
      Array.from({ length: 10 }, (_, count) =>
        ann.ask(
          'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { seq } } }',
          { input: { conversationId: room.id, body: `${count}` } },
        ),
      ),
    );
    await received.count(2);
    program.process.kill('SIGTERM');
    expect(await answers).toHaveLength(10);
    expect(await received.ended()).toMatchObject({ code: '1012' });
    expect(await program.ended).toBe(0);
    expect(existsSync(join(directory, 'lock'))).toBe(false);
  });

  it('refuses a data directory that is in use', async () => {
    const directory = await embeddedDirectory();
    const lock = await lockDirectory(directory);
    const { code, output } = await runProgram(embeddedIn(directory));
    await lock.release();
    expect(code).toBe(1);
    expect(output).toContain(
      `in use by process ${process.pid}. Stop that process, or set DATA_DIR`,
    );
    expect(output).not.toMatch(/ at .*\.js:\d+/);
  });
});

describe('the first start', { timeout: patientMs }, () => {
  const directory = join(temporaryDirectory(), 'data');
  let program: Program;
  beforeAll(async () => {
    chmodSync(dirname(directory), 0o755);
    program = await startProgram(embeddedIn(directory));
  }, patientMs);
  afterAll(() => program[Symbol.asyncDispose]());

  it('[P14] creates files that other accounts cannot read', () => {
    const read = (options: object) =>
      execFileSync('cat', [join(directory, 'postgres', 'PG_VERSION')], {
        stdio: 'pipe',
        ...options,
      });
    expect(String(read({}))).toMatch(/^\d/);
    const user = unprivilegedUser();
    if (user) expect(() => read(user)).toThrow('Permission denied');
    expect((statSync(directory).mode & 0o777).toString(8)).toBe('700');
  });

  it('[P14] explains how to become an admin, which works at the next start', async () => {
    await expect.poll(() => program.output).toContain('ADMIN_USERNAMES=your-username npm start');
    await using ann = await person(asNode(program), 'ann');
    expect((await ann.query('{ viewer { role } }')).viewer.role).toBe('USER');
    program.process.kill('SIGTERM');
    await program.ended;

    await using next = await startProgram({ ...embeddedIn(directory), ADMIN_USERNAMES: 'ann,ben' });
    expect(next.output).not.toContain('ADMIN_USERNAMES=your-username');
    expect(next.output).toMatch(/usernames without an account.*ben|ben.*usernames without/s);
    const { signIn } = await query(
      next.url,
      'mutation ($input: SignInInput!) { signIn(input: $input) { session { user { role } } } }',
      { input: { username: 'ann', password } },
    );
    expect(signIn.session.user.role).toBe('ADMIN');
  });
});

describe('a failed start', { timeout: patientMs }, () => {
  it('reports all faults of the settings at once', async () => {
    const { code, output } = await runProgram({
      PORT: 'http',
      REDIS_URL: 'redis://127.0.0.1:1',
      JWT_SECRET: 'short',
      RATE_LIMITS: 'maybe',
    });
    expect(code).toBe(1);
    for (const part of [
      '4 fault',
      'PORT',
      'REDIS_URL requires DATABASE_URL',
      'JWT_SECRET is shorter',
      'RATE_LIMITS',
    ])
      expect(output).toContain(part);
    expect(output).not.toContain('short\n');
  });

  it('reports that the port is in use, with a solution', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { code, output } = await runProgram({
      PORT: String(port),
      JWT_SECRET: 'x'.repeat(32),
      ...(await freshDatabase()),
    });
    server.close();
    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(`Port ${port} .* in use.* set PORT`));
  });

  it('reports that the data directory cannot be created', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    const { code, output } = await runProgram({ DATA_DIR: join(file, 'data') });
    expect(code).toBe(1);
    expect(output).toMatch(/cannot be created .* Set DATA_DIR/);
  });

  it('reports that the database cannot be reached', async () => {
    const { code, output } = await runProgram({
      DATABASE_URL: 'postgresql://nobody:secret@127.0.0.1:1/none',
      JWT_SECRET: 'x'.repeat(32),
    });
    expect(code).toBe(1);
    expect(output).toMatch(/127\.0\.0\.1:1 cannot be used.*Check DATABASE_URL/);
    expect(output).not.toContain('secret');
  });
});

it('logs neither tokens nor bodies nor passwords', { timeout: patientMs }, async () => {
  await using program = await startProgram({
    ...(await freshDatabase()),
    JWT_SECRET: 'x'.repeat(32),
    LOG_LEVEL: 'debug',
  });
  await using ann = await person(asNode(program), 'ann');
  const { room } = await ann.query('{ room(name: "lobby") { id } }');
  await send(ann, room.id, 'a body that is nobody else’s business');
  await query(program.url, '{ viewer { id } }', {}, `${ann.token}x`).catch(() => {});
  await ann.ask('{ viewer { id } }');
  for (const secret of [ann.token, ann.refreshToken!, 'correct horse', 'nobody else'])
    expect(program.output).not.toContain(secret);
});
