import { execFile } from 'node:child_process';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { startNode } from '../support/start-node.ts';

const run = promisify(execFile);
const typescript = join('node_modules', 'typescript', 'bin', 'tsc');

const program = `
import { connect, isCauserieError, type Message } from '@causerie/client';
import { WebSocket } from 'ws';

const causerie = connect({ url: process.argv[2]!, token: process.argv[3]!, webSocket: WebSocket });
const { id: roomId } = await causerie.createRoom({ name: 'Harbour' });
const refused = await causerie.createRoom({ name: 'Harbour' }).catch((error: unknown) => (isCauserieError(error) ? error.code : undefined));
const said: Message[] = [];
for await (const event of causerie.roomMessages({ roomId })) {
  if (event.__typename === 'CaughtUp') void causerie.sendMessage({ conversationId: roomId, body: 'hello' });
  if (event.__typename === 'MessageSent') said.push(event.message);
  if (said.length > 0) break;
}
console.log(refused, said[0]!.body, said[0]!.author.username);
`;

/** Each line of this text must be a type error. */
const misuse = `
import { connect } from '@causerie/client';
const causerie = connect({ url: 'http://localhost' });
// @ts-expect-error the body is missing
void causerie.sendMessage({ conversationId: 'x' });
// @ts-expect-error there is no such operation
void causerie.shout();
for await (const event of causerie.roomMessages({ roomId: 'x' })) {
  // @ts-expect-error not every event has a message
  event.message;
  // @ts-expect-error there is no such event
  if (event.__typename === 'Nothing') break;
}
`;

describe('the package as it is published', () => {
  const folder = temporaryDirectory();
  beforeAll(async () => {
    const installed = join(folder, 'node_modules');
    await mkdir(join(installed, '@causerie/client'), { recursive: true });
    await Promise.all(
      ['graphql-ws', 'graphql', 'ws', '@types'].map((name) =>
        symlink(join(process.cwd(), 'node_modules', name), join(installed, name)),
      ),
    );
    await cp('client/package.json', join(installed, '@causerie/client/package.json'));
    await run(process.execPath, [
      typescript,
      '-p',
      'client',
      '--outDir',
      join(installed, '@causerie/client/dist'),
    ]);
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'program.ts'), program);
    await writeFile(join(folder, 'misuse.ts'), misuse);
    const compilerOptions = {
      target: 'es2023',
      lib: ['es2023', 'dom'],
      module: 'nodenext',
      strict: true,
      skipLibCheck: false,
      types: ['node'],
      outDir: 'built',
    };
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['program.ts', 'misuse.ts'] }),
    );
  }, 120_000);

  it('has types for its importers, and runs in Node', async () => {
    await run(process.execPath, [typescript, '-p', folder]).catch(({ stdout }) =>
      expect(stdout).toBe(''),
    );
    await using node = await startNode();
    await using ann = await person(node, 'ann');
    const { stdout } = await run(process.execPath, [
      join(folder, 'built/program.js'),
      node.url,
      ann.token,
    ]);
    expect(stdout).toBe('CONFLICT hello ann\n');
  });
});
