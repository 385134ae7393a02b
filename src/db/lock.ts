import { readdir, readFile, readlink, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from '../errors.ts';

export interface DirectoryLock {
  release(): Promise<void>;
}

const prefix = 'lock-';
const heartbeatMs = 1000;
/** A process of another container counts as dead when its lock was not touched for this long. */
const silenceMs = 4 * heartbeatMs;

/**
 * Keeps a second process out of a data directory, because it would corrupt the data silently. A
 * process first creates a file that names it by pid, start time and pid namespace, and then looks
 * for the files of others. So of two that start at once, at most one gets the lock. The file of a
 * dead process is removed; no other process can have that name. Whether a process of another
 * container lives cannot be queried, so each process touches its file every second, and such a file
 * is watched. Throws StartError.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const own = [prefix + process.pid, await startTime(process.pid), await pidNamespace()].join('-');
  const file = join(directory, own);
  const inUse = (pid: string | number) =>
    new StartError(
      `The data directory ${directory} is in use by process ${pid}. Stop that process, or set DATA_DIR to another directory.`,
    );
  await writeFile(file, '', { flag: 'wx' }).catch((error) => {
    if (error.code === 'EEXIST') throw inUse(process.pid);
    throw new StartError(
      `The data directory ${directory} cannot be locked (${error.code}). Set DATA_DIR to a place this user may write to.`,
    );
  });
  const touch = () => void utimes(file, new Date(), new Date()).catch(() => {});
  const heartbeat = setInterval(touch, heartbeatMs).unref();
  const release = async () => {
    clearInterval(heartbeat);
    await rm(file, { force: true });
  };
  try {
    for (const other of await readdir(directory)) {
      if (!other.startsWith(prefix) || other === own) continue;
      const [pid = '', started, namespace] = other.slice(prefix.length).split('-');
      const isHere = own.endsWith(`-${namespace}`);
      const isAlive = isHere
        ? (await startTime(Number(pid))) === started
        : await isTouched(join(directory, other));
      if (isAlive) throw inUse(isHere ? pid : `${pid} of another container`);
      await rm(join(directory, other), { force: true });
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}

/**
 * The start time of a process, in the system's own unit. Undefined if it does not run. `running` if
 * the system does not know the time.
 */
async function startTime(pid: number): Promise<string | undefined> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is the program's name, which may contain spaces. The start time is the 20th
  // field after it.
  return status === undefined
    ? 'running'
    : status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
}

/** A pid identifies a process within its namespace. A container has a namespace of its own. */
async function pidNamespace(): Promise<string> {
  const name = await readlink('/proc/self/ns/pid').catch(() => '');
  return name.replace(/\D/g, '');
}

/** Whether a process still touches the lock. Resolves as soon as it is seen. */
async function isTouched(file: string): Promise<boolean> {
  const touched = () =>
    stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
  const before = await touched();
  for (let waited = 0; waited < silenceMs; waited += heartbeatMs / 4) {
    await delay(heartbeatMs / 4);
    const now = await touched();
    if (now === undefined) return false;
    if (now !== before) return true;
  }
  return false;
}
