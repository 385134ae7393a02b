import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/database.ts';
import { lockDirectory } from '../../src/db/lock.ts';
import { openEventLog } from '../../src/events/event-log.ts';
import { conversationTopic } from '../../src/events/topics.ts';
import { temporaryDirectory, unprivilegedUser } from '../support/server-process.ts';
import { embeddedDirectory } from '../support/servers.ts';
import { silentLog } from '../support/silent-log.ts';

const open = (directory: string) => openDatabase(readConfig({ DATA_DIR: directory }), silentLog);

const children = new Set<ReturnType<typeof spawn>>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

/** Runs a program of test/support in a process of its own. */
function startChild(program: string, args: string[] = [], user?: { uid: number; gid: number }) {
  const child = spawn(process.execPath, ['--import', 'tsx', `test/support/${program}`, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...user,
  });
  children.add(child);
  const printed: string[] = [];
  const lines = createInterface(child.stdout).on('line', (line) => printed.push(line));
  const ended = once(child, 'close');
  return {
    child,
    printed,
    async linesPrinted(count: number) {
      while (printed.length < count) {
        await Promise.race([once(lines, 'line'), ended]);
        if (child.exitCode !== null && printed.length < count)
          throw new Error(`${program} ended, having printed ${printed}`);
      }
    },
  };
}

const holdDirectory = (
  directory: string,
  conversationId: string = randomUUID(),
  user?: { uid: number; gid: number },
) => startChild('hold-directory.ts', [directory, conversationId], user);

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

/** Makes this directory the one for temporary files until it is disposed of. */
function useForTemporaryFiles(directory: string): Disposable {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = directory;
  return {
    [Symbol.dispose]() {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    },
  };
}

const connectTo = (path: string) =>
  `require('node:net').connect(${JSON.stringify(path)}).on('connect', () => process.exit()).on('error', (error) => { throw error })`;

/** The addresses (TCP) or paths (Unix) on which a process listens, by the system's own tables. */
async function listening(pid: number, family: 'tcp' | 'unix'): Promise<string[]> {
  const links = (await readdir(`/proc/${pid}/fd`)).map((fd) =>
    readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''),
  );
  const inodes = new Set(
    (await Promise.all(links)).map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]),
  );
  const tables = family === 'tcp' ? ['tcp', 'tcp6'] : ['unix'];
  const rows = await Promise.all(
    tables.map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')),
  );
  return rows
    .flatMap((table) => table.split('\n').slice(1))
    .map((row) => row.trim().split(/\s+/))
    .filter((row) =>
      family === 'tcp'
        ? row[3] === '0A' && inodes.has(row[9])
        : row[3] === '00010000' && inodes.has(row[6]),
    )
    .map((row) => (family === 'tcp' ? row[1]! : (row[7] ?? '')));
}

const namespaceSuffix = async () => `-${(await readlink('/proc/self/ns/pid')).replace(/\D/g, '')}`;

describe('a data directory', () => {
  it('keeps acknowledged data when its process is killed, and can be opened again', async () => {
    const directory = await embeddedDirectory();
    const conversationId = randomUUID();
    const holder = holdDirectory(directory, conversationId);
    await holder.linesPrinted(100);
    holder.child.kill('SIGKILL');
    await once(holder.child, 'close');
    await using database = await open(directory);
    const stored = (await openEventLog(database).read(
      conversationTopic(conversationId),
      0,
      100_000,
    ))!.events.map(({ seq }) => seq);
    expect(stored.length).toBeGreaterThanOrEqual(holder.printed.length);
    expect(stored).toEqual(stored.map((_, place) => place + 1));
  });

  it('keeps its data, its id and its secret across a restart, and leaves no lock', async () => {
    const directory = await embeddedDirectory();
    const first = await open(directory);
    const id = (await first.prisma.user.create({ data: { username: 'ann', displayName: 'Ann' } }))
      .id;
    await first[Symbol.asyncDispose]();
    expect((await readdir(directory)).toSorted()).toEqual(['jwt-secret', 'postgres']);
    await using second = await open(directory);
    expect((await second.prisma.user.findMany()).map((user) => user.id)).toEqual([id]);
    expect(second.id).toBe(first.id);
    expect(second.keptSecret).toBe(first.keptSecret);
    expect(second.keptSecret?.length).toBeGreaterThan(40);
  });

  it('refuses a second process, and names the process that uses it', async () => {
    const directory = temporaryDirectory();
    const holder = startChild('take-lock.ts');
    holder.child.stdin.write(`${directory}\n`);
    await holder.linesPrinted(2);
    expect(holder.printed[1]).toBe('held');
    await expect(open(directory)).rejects.toThrow(
      `is in use by process ${holder.child.pid}. Stop that process, or set DATA_DIR to another directory.`,
    );
  });

  it('refuses the same process a second time', async () => {
    const directory = temporaryDirectory();
    const lock = await lockDirectory(directory);
    await expect(open(directory)).rejects.toThrow(`is in use by process ${process.pid}`);
    await lock.release();
  });

  it('is opened by at most one of several processes that start at once', async () => {
    const processes = Array.from({ length: 4 }, () => startChild('take-lock.ts'));
    for (const { linesPrinted } of processes) await linesPrinted(1);
    let held = 0;
    for (let turn = 1; turn <= 50; turn++) {
      const directory = temporaryDirectory();
      const left =
        ['lock-4194303-12345', `lock-${process.pid}-12345`][turn % 2] + (await namespaceSuffix());
      await writeFile(join(directory, left), '');
      for (const { child } of processes) child.stdin.write(`${directory}\n`);
      for (const { linesPrinted } of processes) await linesPrinted(turn + 1);
      const holders = processes.filter(({ printed }) => printed[turn] === 'held');
      expect(holders.length).toBeLessThanOrEqual(1);
      expect((await readdir(directory)).filter((name) => name !== left)).toHaveLength(
        holders.length,
      );
      held += holders.length;
    }
    expect(held).toBeGreaterThan(0);
  });

  it('can be opened after its process has died, also if another process has the pid now', async () => {
    for (const holder of ['lock-4194303-12345', `lock-${process.pid}-1`]) {
      const directory = temporaryDirectory();
      await writeFile(join(directory, holder + (await namespaceSuffix())), '');
      const lock = await lockDirectory(directory);
      expect(await readdir(directory)).toEqual([
        expect.stringMatching(new RegExp(`^lock-${process.pid}-\\d\\d+-`)),
      ]);
      await lock.release();
      expect(await readdir(directory)).toEqual([]);
    }
  });

  it('is refused to another container while the lock is touched, and can be opened afterwards', async () => {
    const directory = temporaryDirectory();
    const lock = join(directory, 'lock-1-500-1234');
    await writeFile(lock, '');
    const beat = setInterval(() => void utimes(lock, new Date(), new Date()), 1000);
    await expect(lockDirectory(directory)).rejects.toThrow(
      'is in use by process 1 of another container',
    );
    clearInterval(beat);
    const ours = await lockDirectory(directory);
    const [name] = await readdir(directory);
    const before = (await stat(join(directory, name!))).mtimeMs;
    await delay(1500);
    expect((await stat(join(directory, name!))).mtimeMs).toBeGreaterThan(before);
    await ours.release();
  });

  it('is refused with a solution if it is not writable', async () => {
    const directory = temporaryDirectory();
    const parent = join(directory, 'read-only');
    const user = unprivilegedUser();
    await mkdir(parent);
    if (user) await chown(parent, user.uid, user.gid);
    await chmod(directory, 0o755);
    await chmod(parent, 0o500);
    const nested = holdDirectory(join(parent, 'data'), undefined, user);
    const itself = holdDirectory(parent, undefined, user);
    await Promise.all([nested.linesPrinted(1), itself.linesPrinted(1)]);
    expect(nested.printed[0]).toMatch(
      /^StartError: The data directory .* cannot be created \(EACCES\)\. Set DATA_DIR to a place this user may write to\.$/,
    );
    expect(itself.printed[0]).toMatch(
      /^StartError: The data directory .* cannot be locked \(EACCES\)\. Set DATA_DIR to a place this user may write to\.$/,
    );
  });

  it('[P14] is refused if other accounts can enter it, with the command that changes this', async () => {
    const directory = await embeddedDirectory();
    const files = await readdir(directory);
    for (const mode of [0o755, 0o750, 0o701, 0o770]) {
      await chmod(directory, mode);
      await expect(open(directory), mode.toString(8)).rejects.toThrow(
        `Run: chmod -R go-rwx '${directory}'`,
      );
      expect(await readdir(directory)).toEqual(files);
    }
    execFileSync('sh', ['-c', `chmod -R go-rwx '${directory}'`]);
    await (await open(directory))[Symbol.asyncDispose]();
  });

  it('[P14] is created for this account alone, and so is its secret', async () => {
    const directory = join(temporaryDirectory(), 'new', 'data');
    await (await open(directory))[Symbol.asyncDispose]();
    expect(await modeOf(directory)).toBe('700');
    expect(await modeOf(join(directory, 'jwt-secret'))).toBe('600');
  });

  it('[P14] listens only on a socket that other accounts cannot reach', async () => {
    const holder = holdDirectory(await embeddedDirectory());
    await holder.linesPrinted(1);
    expect(await listening(holder.child.pid!, 'tcp')).toEqual([]);
    const [path] = await listening(holder.child.pid!, 'unix');
    expect(path).toMatch(/\/causerie-socket-\w+\/\.s\.PGSQL\.5432$/);
    expect(await modeOf(dirname(path!))).toBe('700');
    const user = unprivilegedUser();
    if (user)
      expect(() =>
        execFileSync(process.execPath, ['-e', connectTo(path!)], { ...user, stdio: 'pipe' }),
      ).toThrow('EACCES');
    expect(() => execFileSync(process.execPath, ['-e', connectTo(path!)])).not.toThrow();
  });

  it('leaves no socket behind when it is closed', async () => {
    const [directory, temporary] = [await embeddedDirectory(), temporaryDirectory()];
    using _ = useForTemporaryFiles(temporary);
    const database = await open(directory);
    expect(await readdir(temporary)).toEqual([expect.stringMatching(/^causerie-socket-/)]);
    await database[Symbol.asyncDispose]();
    expect(await readdir(temporary)).toEqual([]);
  });

  it('contains its socket if the path for temporary files is too long, and removes that of a killed process', async () => {
    const directory = await embeddedDirectory();
    const left = join(directory, 'causerie-socket-killed');
    await mkdir(left);
    using _ = useForTemporaryFiles(join(temporaryDirectory(), 'x'.repeat(120)));
    await using database = await open(directory);
    await database.ping(5000);
    const places = (await readdir(directory)).filter((name) => name.startsWith('causerie-socket'));
    expect(places).toHaveLength(1);
    expect(places).not.toContain('causerie-socket-killed');
  });

  it('is refused with a solution if it is a file', async () => {
    const file = join(temporaryDirectory(), 'file');
    await writeFile(file, '');
    await expect(open(file)).rejects.toThrow(/The data directory .* Set DATA_DIR to /);
  });

  it('is refused and left unchanged if its files are not a database', async () => {
    const directory = temporaryDirectory();
    await mkdir(join(directory, 'postgres'));
    await writeFile(join(directory, 'postgres', 'PG_VERSION'), '9.6\n');
    await expect(open(directory)).rejects.toThrow(/^The embedded database in .* does not open: /);
    expect(await readdir(directory)).not.toContain('lock');
  });
});
