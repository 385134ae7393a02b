import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../errors.ts';

export interface DirectoryLock {
  release(): Promise<void>;
}

/**
 * Keeps a second process off a data directory, which would corrupt it in silence. The lock file names the process
 * by pid and start time, so that one left by a killed process, or by one whose pid came round again, does not count.
 * Throws StartError.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const file = join(directory, 'lock');
  const own = `${process.pid} ${await startTime(process.pid)}`;
  const draft = `${file}.${process.pid}`;
  try {
    await writeFile(draft, own);
    for (let attempt = 0; attempt < 3; attempt++) {
      // A link either makes the whole lock or fails: nobody ever reads half a lock.
      const taken = await link(draft, file).then(() => true, (error) => error.code !== 'EEXIST' && Promise.reject(error));
      if (taken) return { release: () => rm(file, { force: true }) };
      const holder = await readFile(file, 'utf8').catch(() => '');
      const [pid = '', started] = holder.split(' ');
      if (holder && (await startTime(Number(pid))) === started)
        throw new StartError(`The data directory ${directory} is in use by process ${pid}. Stop that process, or set DATA_DIR to another directory.`);
      await rm(file, { force: true });
    }
    throw new StartError(`The data directory ${directory} is being taken by another process. Set DATA_DIR to another directory.`);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`The data directory ${directory} cannot be locked (${(error as NodeJS.ErrnoException).code}). Set DATA_DIR to a place this user may write to.`);
  } finally {
    await rm(draft, { force: true }).catch(() => {});
  }
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
  return status === undefined ? 'running' : status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
}
