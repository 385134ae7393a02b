import { readdir, readFile, readlink, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from '../errors.ts';

export interface DirectoryLock {
  release(): Promise<void>;
}

const prefix = 'lock-';
const beatMs = 1000;
/** A process that cannot be asked is gone when its lock has not been touched for so long. */
const silenceMs = 4 * beatMs;

/**
 * Keeps a second process off a data directory, which would corrupt it in silence. Who comes leaves a file that names its process by pid,
 * start time and pid namespace, and only then looks for the files of others; so of two that come at once, none or one gets in. A file of a process that
 * is gone is removed, which harms nobody: no other process will ever have that name. Processes of another container cannot be asked whether they
 * live, so a lock is also touched each second, and theirs is watched. Throws StartError.
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
  const beat = setInterval(
    () => void utimes(file, new Date(), new Date()).catch(() => {}),
    beatMs,
  ).unref();
  const release = async () => {
    clearInterval(beat);
    await rm(file, { force: true });
  };
  try {
    for (const other of await readdir(directory)) {
      if (!other.startsWith(prefix) || other === own) continue;
      const [pid = '', started, namespace] = other.slice(prefix.length).split('-');
      const isHeld = own.endsWith(`-${namespace}`)
        ? (await startTime(Number(pid))) === started
        : await isTouched(join(directory, other));
      if (isHeld) throw inUse(own.endsWith(`-${namespace}`) ? pid : `${pid} of another container`);
      await rm(join(directory, other), { force: true });
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}

/** When a process started, in the system's own unit; undefined when it does not run. Where the system does not tell, that it runs. */
async function startTime(pid: number): Promise<string | undefined> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is the program's name and may hold spaces; the start time is the 20th after it.
  return status === undefined
    ? 'running'
    : status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
}

/** Within one, a pid means one process; a container has its own. */
async function pidNamespace(): Promise<string> {
  const name = await readlink('/proc/self/ns/pid').catch(() => '');
  return name.replace(/\D/g, '');
}

/** Whether someone still touches a lock: true as soon as it is seen. */
async function isTouched(file: string): Promise<boolean> {
  const touched = () =>
    stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
  const before = await touched();
  for (let waited = 0; waited < silenceMs; waited += beatMs / 4) {
    await delay(beatMs / 4);
    const now = await touched();
    if (now === undefined) return false;
    if (now !== before) return true;
  }
  return false;
}
