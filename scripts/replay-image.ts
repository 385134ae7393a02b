/**
 * Replays the Dockerfile without a container engine: each stage is a folder, in which its commands
 * run with the installed Node.js. Then it starts the node as the image would, runs the health
 * check, and stops the node. Throws for an instruction that it does not support.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { contextFilter, stagesOf, type Stage } from './image/dockerfile.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'image-'));
/** The user `node` of the official images. */
const nodeUser = 1000;

const installedMaxMb = 120;
const developmentTools = ['prisma', 'typescript', 'tsx', 'vite'];

interface Built {
  readonly folder: string;
  readonly workdir: string;
  readonly env: Record<string, string>;
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
  readonly user: string;
}

const context = join(work, 'context');
const stages = new Map<string, Built>();

/** The entry itself, or everything below it, relative to the root folder. */
function filesBelow(entry: string): string[] {
  if (!statSync(join(root, entry)).isDirectory()) return [entry];
  const names = readdirSync(join(root, entry), { recursive: true });
  return names.map((name) => `${entry}/${String(name)}`);
}

function copyContext(): void {
  const isIncluded = contextFilter(readFileSync(join(root, '.dockerignore'), 'utf8'));
  for (const entry of readdirSync(root)) {
    if (entry === '.git' || entry === 'node_modules') continue;
    for (const path of filesBelow(entry)) {
      if (!isIncluded(path) || !statSync(join(root, path)).isFile()) continue;
      mkdirSync(dirname(join(context, path)), { recursive: true });
      cpSync(join(root, path), join(context, path));
    }
  }
}

function copy(rest: string, { folder, workdir }: Built): void {
  const [, from, list = ''] = /^(?:--from=(\S+)\s+)?(.*)$/.exec(rest) ?? [];
  const paths = list.split(/\s+/);
  const target = paths.pop()!;
  const to = resolve(folder + workdir, target);
  for (const path of paths) {
    const source = from ? stages.get(from)!.folder + path : join(context, path);
    if (!existsSync(source)) throw new Error(`COPY ${rest}: ${path} does not exist`);
    const isFile = statSync(source).isFile();
    const destination = isFile && target.endsWith('/') ? join(to, basename(path)) : to;
    const file = isFile && target === './' ? join(to, basename(path)) : destination;
    cpSync(source, file, { recursive: true, verbatimSymlinks: true });
  }
}

function run(command: string, { folder, workdir, env }: Built): void {
  console.log(`RUN ${command}`);
  // Absolute paths of the image are below the folder of the stage.
  const here = command.replaceAll(/(?<=\s)\/(?=\w)/g, `${folder}/`).replaceAll('node:node', '1000');
  const { status } = spawnSync('sh', ['-c', here], {
    cwd: folder + workdir,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`RUN ${command}: exit code ${status}`);
}

function build(stage: Stage): Built {
  const folder = join(work, stage.name);
  const before = stages.get(stage.from);
  mkdirSync(folder, { recursive: true });
  if (before) cpSync(before.folder, folder, { recursive: true, verbatimSymlinks: true });
  let built: Built = {
    workdir: '/',
    env: {},
    command: [],
    healthcheck: [],
    user: 'root',
    ...before,
    folder,
  };
  for (const { name, rest } of stage.instructions) {
    if (name === 'WORKDIR') built = { ...built, workdir: rest };
    else if (name === 'COPY') copy(rest, built);
    else if (name === 'RUN') run(rest, built);
    else if (name === 'ENV') {
      const variables = rest.split(/\s+/).map((pair) => pair.split('=') as [string, string]);
      built = { ...built, env: { ...built.env, ...Object.fromEntries(variables) } };
    } else if (name === 'USER') built = { ...built, user: rest };
    else if (name === 'CMD') built = { ...built, command: JSON.parse(rest) };
    else if (name === 'HEALTHCHECK')
      built = { ...built, healthcheck: JSON.parse(rest.slice(rest.indexOf('['))) };
    else if (!['VOLUME', 'EXPOSE', 'STOPSIGNAL'].includes(name))
      throw new Error(`Unsupported instruction: ${name} ${rest}`);
    mkdirSync(folder + built.workdir, { recursive: true });
  }
  return built;
}

function sizeInMb(folder: string): number {
  const { stdout } = spawnSync('du', ['-sm', folder], { encoding: 'utf8' });
  return Number.parseInt(stdout, 10);
}

/** Runs the commands beside the server as far as they go without a database. */
function checkCommands({ folder, workdir, env }: Built): void {
  const outcome = (args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync('node', args, {
      cwd: folder + workdir,
      env: { PATH: process.env.PATH, ...env, JWT_SECRET: 'a-secret-of-at-least-32-characters' },
      encoding: 'utf8',
    });
    return { status, output: stdout + stderr };
  };
  const token = outcome(['dist/service-token.js', 'replay']);
  if (token.status !== 0 || token.output.split('.').length !== 3)
    throw new Error(`dist/service-token.js printed no token: ${token.output}`);
  const move = outcome(['dist/move.js']);
  if (move.status !== 1 || !move.output.includes('Pass a source directory and a target URL'))
    throw new Error(`dist/move.js does not explain its arguments: ${move.output}`);
  const files = outcome(['dist/files.js']);
  if (files.status !== 1 || !files.output.startsWith('Usage:'))
    throw new Error(`dist/files.js does not explain its arguments: ${files.output}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function start({ folder, workdir, env, command, healthcheck, user }: Built): Promise<void> {
  if (user !== 'node') throw new Error(`The image runs as ${user}`);
  const port = String(await freePort());
  const settings = { ...env, HOST: '127.0.0.1', PORT: port, DATA_DIR: `${folder}/data` };
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(settings.DATA_DIR, nodeUser, nodeUser);
  const options = {
    cwd: folder + workdir,
    env: { PATH: process.env.PATH, ...settings },
    ...(isRoot && { uid: nodeUser, gid: nodeUser }),
  };
  const node = spawn(command[0]!, command.slice(1), { ...options, stdio: 'inherit' });
  const ended = once(node, 'close');
  const isHealthy = () => spawnSync(healthcheck[0]!, healthcheck.slice(1), options).status === 0;
  try {
    if (isHealthy()) throw new Error('The health check succeeds before the node is up');
    const deadline = Date.now() + 60_000;
    while (!isHealthy()) {
      if (Date.now() > deadline || node.exitCode !== null)
        throw new Error('The node did not become healthy.');
      await delay(200);
    }
    const page = await (await fetch(`http://127.0.0.1:${port}/`)).text();
    if (!page.includes('<script')) throw new Error('The web client is not served');
  } finally {
    node.kill('SIGTERM');
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`The node ended with exit code ${code} after SIGTERM.`);
}

try {
  chmodSync(work, 0o755);
  copyContext();
  for (const stage of stagesOf(readFileSync(join(root, 'Dockerfile'), 'utf8')))
    stages.set(stage.name, build(stage));
  const final = [...stages.values()].at(-1)!;
  for (const name of developmentTools)
    if (existsSync(`${final.folder}/app/node_modules/${name}`))
      throw new Error(`${name} is in the image`);
  const installedMb = sizeInMb(`${final.folder}/app/node_modules`);
  if (installedMb > installedMaxMb)
    throw new Error(`node_modules has ${installedMb} MB, more than ${installedMaxMb} MB`);
  checkCommands(final);
  await start(final);
  const addedMb = sizeInMb(`${final.folder}/app`);
  console.log(
    `The image works. It adds ${addedMb} MB to its base image, ${installedMb} MB of them node_modules.`,
  );
} finally {
  rmSync(work, { recursive: true, force: true });
}
