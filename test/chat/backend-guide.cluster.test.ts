import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { person, query } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { runScript } from '../support/run-script.ts';
import { send } from '../support/send-and-follow.ts';
import { freePort, temporaryDirectory } from '../support/server-process.ts';
import { service } from '../support/service.ts';
import { startNode } from '../support/start-node.ts';

/** The JavaScript of a page that contains this text. */
async function exampleOf(page: string, text: string): Promise<string> {
  const guide = await readFile(page, 'utf8');
  const blocks = [...guide.matchAll(/```js\n(.*?)```/gs)].map(([, block]) => block!);
  return blocks.find((block) => block.includes(text))!;
}

/** Runs a program as a reader of the guide would, in a directory of its own. */
async function run(code: string, directory: string, environment: Record<string, string>) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: directory,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (output.text += chunk));
  return {
    output,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

describe('the examples for backends', () => {
  it('[P16] follow all events, and continue where they were killed', async () => {
    await using node = await startNode({ settings: { RATE_LIMITS: 'off' } });
    await using ann = await person(node, 'ann');
    const { id } = await createRoom(ann, { name: 'Quay' });
    const { token } = await service(node, ['events']);
    const directory = temporaryDirectory();
    await symlink(resolve('node_modules'), join(directory, 'node_modules'));
    const code = await exampleOf('docs/backend.md', 'appEvents');
    const environment = { CAUSERIE_URL: node.wsUrl, SERVICE_TOKEN: token };
    const first = await run(code, directory, environment);
    const position = () => readFile(join(directory, 'position'), 'utf8').catch(() => '');
    await expect.poll(position, { timeout: 30_000 }).not.toBe('');
    await send(ann, id, 'one');
    await expect.poll(() => first.output.text, { timeout: 30_000 }).toContain('ann: one\n');
    await first.kill();
    for (const body of ['two', 'three']) await send(ann, id, body);
    const second = await run(code, directory, environment);
    await expect
      .poll(() => second.output.text, { timeout: 30_000 })
      .toMatch(/^(ann: one\n)?ann: two\nann: three\n$/);
    await second.kill();
  });

  it('verify the requests of a webhook', async () => {
    await using node = await startNode({
      settings: { RATE_LIMITS: 'off', WEBHOOKS_ALLOW_PRIVATE: 'on' },
    });
    await using ann = await person(node, 'ann');
    const { id } = await createRoom(ann, { name: 'Quay' });
    const port = await freePort();
    const backend = await service(node, ['webhooks']);
    const { secret } = await backend.mutate(
      'createWebhook',
      'CreateWebhookInput',
      { url: `http://127.0.0.1:${port}/` },
      'secret',
    );
    const directory = temporaryDirectory();
    await symlink(resolve('node_modules'), join(directory, 'node_modules'));
    const code = await exampleOf('docs/webhooks.md', 'standardwebhooks');
    const receiver = await run(code, directory, { WEBHOOK_SECRET: secret, PORT: String(port) });
    await send(ann, id, 'signed');
    await expect.poll(() => receiver.output.text, { timeout: 30_000 }).toBe('ann: signed\n');
    const forged = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: {
        'webhook-id': 'evt_1',
        'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
        'webhook-signature': 'v1,AAAA',
      },
      body: '{}',
    });
    expect(forged.status).toBe(401);
    await receiver.kill();
  });

  it('import the lines of the guide', async () => {
    await using node = await startNode();
    const guide = await readFile('docs/backend.md', 'utf8');
    const [, lines] = /```json\n(\{"type": "user".*?)```/s.exec(guide)!;
    const path = join(temporaryDirectory(), 'history.jsonl');
    await writeFile(path, lines!);
    const { token } = await service(node, ['users', 'rooms', 'messages']);
    const { stdout } = await runScript('scripts/import.ts', ['--url', node.url, path], {
      SERVICE_TOKEN: token,
    });
    expect(stdout).toContain('1 users, 1 rooms, 1 members, 1 messages');
    await using bob = await person(node, 'bob');
    const { room } = await query(
      node.url,
      '{ room(name: "General") { messages(first: 9) { edges { node { body author { username } } } } } }',
      {},
      bob.token,
    );
    expect(room.messages.edges.map((edge: any) => edge.node)).toEqual([
      { body: 'Hello', author: { username: 'ann' } },
    ]);
  });
});
