import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { signServiceToken } from '../../src/chat/people/service-tokens.ts';
import { query } from '../support/person.ts';
import { startProgram, type Program } from '../support/program.ts';
import { createDatabase, describeWithPostgres } from '../support/servers.ts';

const count = 100_000;
/** So much that an export in memory is far above what a node takes anyway. */
const characters = 1500;
const exportBytes = count * characters;
const heapMiB = 128;
/** A wide bound: a fraction of what an export in memory takes. */
const boundBytes = (2 / 3) * exportBytes;
const secret = 'known to this test only, 32+ characters';

/** The memory of a process now, and at most since `forgetPeak`, in bytes. */
function memoryOf(pid: number) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)![1]) * 1024;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}
const forgetPeak = (pid: number) => writeFileSync(`/proc/${pid}/clear_refs`, '5');

/** An export in memory, as one query and one string. Prints how much memory that took. */
const bufferingProgram = `
  import { readFileSync } from 'node:fs';
  import pg from 'pg';
  const memory = (name) => Number(new RegExp(name + ':\\\\s+(\\\\d+)').exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
  const before = memory('VmRSS');
  const client = new pg.Client(process.env.DATABASE_URL);
  await client.connect();
  const { rows } = await client.query('select * from messages');
  const text = rows.map((row) => JSON.stringify(row)).join('\\n');
  console.log(memory('VmHWM') - before, text.length);
  await client.end();`;

describeWithPostgres('the memory of a node', { timeout: 240_000 }, () => {
  let DATABASE_URL: string;
  let ann: { token: string; id: string };
  let serviceToken: string;

  beforeAll(async () => {
    DATABASE_URL = await createDatabase();
    await using node = await start();
    const { signUp } = await query(
      node.url,
      'mutation { signUp(input: { username: "ann", password: "correct horse battery" }) { session { accessToken user { id } } } }',
    );
    ann = { token: signUp.session.accessToken, id: signUp.session.user.id };
    const { createRoom } = await query(
      node.url,
      'mutation { createRoom(input: { name: "Quay" }) { room { id } } }',
      {},
      ann.token,
    );
    const key = new TextEncoder().encode(secret);
    serviceToken = await signServiceToken(key, { name: 'shop', scopes: ['erase'], days: 1 });
    const database = new pg.Client(DATABASE_URL);
    await database.connect();
    await database.query(
      `insert into messages (id, conversation_id, seq, event_seq, author_id, body, mentioned_user_ids)
       select gen_random_uuid(), $1, seq, seq, $2, rpad(seq::text, $4::int, ' and so on'), '{}' from generate_series(1, $3::int) seq`,
      [createRoom.room.id, ann.id, count, characters],
    );
    await database.query('analyze messages');
    await database.end();
  }, 120_000);

  const start = () =>
    startProgram({
      DATABASE_URL,
      JWT_SECRET: secret,
      RATE_LIMITS: 'off',
      // So that garbage is collected before it amounts to much.
      NODE_OPTIONS: `--max-old-space-size=${heapMiB}`,
    });

  const exports: { readonly [name: string]: (node: Program) => Promise<Response> } = {
    exportMyData: (node) =>
      fetch(node.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${ann.token}` },
        body: JSON.stringify({ query: 'mutation { exportMyData { data } }' }),
      }),
    async exportUser(node) {
      const { exportUser } = await query(
        node.url,
        'mutation ($id: ID!) { exportUser(input: { userId: $id }) { url } }',
        { id: ann.id },
        serviceToken,
      );
      return fetch(new URL(exportUser.url, node.url), {
        headers: { authorization: `Bearer ${serviceToken}` },
      });
    },
  };

  it.each(Object.keys(exports))(
    '[P13] stays bounded during %s of 100,000 messages, also for a client that pauses',
    async (name) => {
      await using node = await start();
      const pid = node.process.pid!;
      // The first export loads code and grows the heap to its usual size.
      await (await exports[name]!(node)).body!.cancel();
      await delay(500);
      forgetPeak(pid);
      const before = memoryOf(pid).now;
      const response = await exports[name]!(node);
      expect(response.status).toBe(200);
      let bytes = 0;
      let end = '';
      for await (const chunk of response.body!) {
        if (bytes === 0) await delay(1000);
        bytes += chunk.length;
        end = (end + Buffer.from(chunk).toString()).slice(-100);
      }
      expect(bytes).toBeGreaterThan(exportBytes);
      expect(end).toMatch(name === 'exportUser' ? /\{"type":"end",.*\}\n$/ : /\]\}\}\}\}$/);
      expect(memoryOf(pid).peak - before).toBeLessThan(boundBytes);
    },
  );

  it('control: the measure sees an export in memory', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', bufferingProgram],
      { env: { ...process.env, DATABASE_URL } },
    );
    const [growth, length] = stdout.split(' ').map(Number);
    expect(length).toBeGreaterThan(exportBytes);
    expect(growth).toBeGreaterThan(2 * boundBytes);
  });
});
