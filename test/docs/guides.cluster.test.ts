import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { query } from '../support/person.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';
import { sectionsOf, settingsIn, stepsOf, type Step } from './guide.ts';

/** Where a guide is followed: a folder, a node, and the ports in place of those of the guide. */
interface Site {
  readonly folder: string;
  readonly environment: Record<string, string>;
  /** The port of the guide's own server, instead of 3000. */
  readonly port: number;
  readonly node: TestNode;
  readonly servers: ChildProcess[];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function openSite(
  steps: readonly Step[],
  node: TestNode,
  port: number,
): Promise<Site & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'causerie-guide-'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const servers: ChildProcess[] = [];
  return {
    folder,
    node,
    port,
    servers,
    environment: {
      PATH: `${resolve('node_modules/.bin')}:${process.env.PATH}`,
      HOME: process.env.HOME ?? folder,
      CAUSERIE_URL: node.url,
      PORT: String(port),
      ...settingsIn(steps),
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) {
        if (server.exitCode !== null) continue;
        server.kill();
        await once(server, 'exit');
      }
    },
  };
}

/** The code with the addresses of the test instead of those of the guide. */
const adapted = (code: string, { node, port }: Site): string =>
  code
    .replaceAll('localhost:4000', new URL(node.url).host)
    .replaceAll('localhost:3000', `127.0.0.1:${port}`);

/** Variables that a script exports are there for the next ones, as in a terminal. */
async function run({ code, seconds }: Step, site: Site): Promise<string> {
  const script = `set -euo pipefail\ntouch .exports; . ./.exports\n${adapted(code, site)}\nexport -p > .exports`;
  const shell = spawn('bash', ['-c', script], {
    cwd: site.folder,
    env: site.environment,
    detached: true,
  });
  let output = '';
  for (const stream of [shell.stdout, shell.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const end = () => shell.exitCode === null && process.kill(-shell.pid!, 'SIGKILL');
  const timer = setTimeout(end, 1000 * (seconds ?? 60));
  await once(shell, 'close');
  clearTimeout(timer);
  if (seconds === undefined) expect(shell.exitCode, output).toBe(0);
  return output;
}

async function follow(
  guide: string,
  node: TestNode,
  port?: number,
): Promise<Site & AsyncDisposable> {
  const steps = stepsOf(guide);
  const site = await openSite(steps, node, port ?? (await freePort()));
  for (const step of steps) {
    if (step.kind === 'file')
      await writeFile(join(site.folder, step.argument), adapted(step.code, site));
    if (step.kind === 'serve') {
      const [command, ...parts] = step.argument.split(' ');
      site.servers.push(
        spawn(command!, parts, { cwd: site.folder, env: site.environment, stdio: 'ignore' }),
      );
      await until('the server of the guide listens', () => answers(site.port));
    }
    if (step.kind !== 'run') continue;
    const output = await run(step, site);
    if (step.prints) expect(output).toContain(step.prints);
    if (step.printsNot) expect(output).not.toContain(step.printsNot);
  }
  return site;
}

const answers = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  );

const textOf = (path: string): Promise<string> => readFile(path, 'utf8');
const jwksHeading = 'Keys instead of a secret: JWKS';

describe('the guides', () => {
  it('connect an application with Express, Next.js, Python and curl', async () => {
    const { [jwksHeading]: _, ...sections } = sectionsOf(await textOf('docs/application.md'));
    const guide = Object.values(sections).join('');
    const settings = settingsIn(stepsOf(guide));
    await using node = await startNode({ settings });
    await using site = await follow(guide, node);
    const asked = await fetch(`http://127.0.0.1:${site.port}/chat-token`, {
      method: 'POST',
      headers: { 'x-user': 'ann' },
    });
    const { token } = (await asked.json()) as { token: string };
    const { viewer, rooms } = await query(
      node.url,
      '{ viewer { username externalId } rooms { edges { node { name externalId } } } }',
      {},
      token,
    );
    expect(viewer).toEqual({ username: 'ann', externalId: 'u-42' });
    expect(rooms.edges.map((edge: any) => edge.node)).toContainEqual({
      name: 'Order 42',
      externalId: 'order-42',
    });

    process.env.ISSUER_SECRET = settings.ISSUER_SECRET;
    const { POST, ...others } = await import(pathToFileURL(join(site.folder, 'route.mjs')).href);
    // Next.js refuses to build a route that exports anything but methods and its own options.
    expect(others).toEqual({});
    const request = (headers: Record<string, string>) =>
      new Request('https://app.example/chat-token', { method: 'POST', headers });
    expect((await POST(request({}))).status).toBe(401);
    const answer = await (await POST(request({ 'x-user': 'ann' }))).json();
    delete process.env.ISSUER_SECRET;
    expect(await query(node.url, '{ viewer { username } }', {}, answer.token)).toEqual({
      viewer: { username: 'ann' },
    });
  }, 120_000);

  it('verify the tokens of an issuer by its keys', async () => {
    const guide = sectionsOf(await textOf('docs/application.md'))[jwksHeading]!;
    const port = await freePort();
    const entries = Object.entries(settingsIn(stepsOf(guide))).map(([name, value]) => [
      name,
      value.replace('localhost:3000', `127.0.0.1:${port}`),
    ]);
    await using node = await startNode({ settings: Object.fromEntries(entries) });
    await using _site = await follow(guide, node, port);
  }, 120_000);

  it('decide about messages', async () => {
    const guide = await textOf('docs/message-gate.md');
    const port = await freePort();
    const settings = settingsIn(stepsOf(guide));
    const url = settings.MESSAGE_GATE_URL!.replace('localhost:3000', `127.0.0.1:${port}`);
    await using node = await startNode({ settings: { ...settings, MESSAGE_GATE_URL: url } });
    await using _site = await follow(guide, node, port);
  }, 120_000);

  it('find out what is wrong', async () => {
    await using node = await startNode();
    await using _site = await follow(await textOf('docs/troubleshooting.md'), node);
  });

  it('are run as a whole: each step of a guide is found', () => {
    const guide = '<!-- settings -->\n```sh\nA=b=c\n```\n<!-- run for 5 s, prints: x, not: y -->\n```sh\nz\n```\n';
    const steps = stepsOf(guide);
    expect(settingsIn(steps)).toEqual({ A: 'b=c' });
    expect(steps[1]).toMatchObject({ kind: 'run', seconds: 5, prints: 'x', printsNot: 'y', code: 'z\n' });
  });

  it('follow and resume with curl, Python and wscat', async () => {
    await using node = await startNode();
    await using _site = await follow(await textOf('docs/following.md'), node);
  }, 120_000);
});
