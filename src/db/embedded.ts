import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StartError } from '../errors.ts';
import type { Log } from '../log.ts';
import { lockDirectory } from './lock.ts';

export interface Embedded {
  readonly port: number;
  readonly description: string;
  readonly secret: string;
  close(): Promise<void>;
}

/**
 * PostgreSQL as WebAssembly, in a thread of its own, with its files in `directory` (`memory`: nowhere). It survives the
 * process being killed, not the machine losing power: it never syncs. Throws StartError.
 */
export async function openEmbedded(directory: string, log: Log): Promise<Embedded> {
  if (directory === 'memory') {
    const worker = await startWorker('memory://', log);
    return { ...worker, description: 'embedded, in memory: nothing is kept', secret: newSecret() };
  }
  const path = resolve(directory);
  await mkdir(path, { recursive: true }).catch((error) => {
    throw new StartError(
      `The data directory ${path} cannot be made (${error.code}). Set DATA_DIR to a place this user may write to.`,
    );
  });
  const lock = await lockDirectory(path);
  try {
    const secret = await keepSecret(join(path, 'jwt-secret'));
    const worker = await startWorker(join(path, 'postgres'), log);
    return {
      port: worker.port,
      description: `embedded, in ${path}`,
      secret,
      close: async () => {
        await worker.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function startWorker(directory: string, log: Log) {
  const worker = new Worker(new URL('./embedded-worker.js', import.meta.url), {
    workerData: { directory },
    name: 'embedded-database',
  });
  const [{ port }] = (await once(worker, 'message').catch((error) => {
    throw new StartError(
      `The embedded database in ${directory} does not open: ${error.message}. Restore it from a backup, or set DATA_DIR to another directory.`,
    );
  })) as [{ port: number }];
  let closing = false;
  worker.on('error', (error) =>
    log.error({ error: error.message }, 'the embedded database stopped'),
  );
  worker.on('exit', (code) => {
    // Nothing can be stored any more and a second database beside half-open transactions would be worse: start afresh.
    if (!closing) throw new Error(`the embedded database ended with code ${code}`);
  });
  return {
    port,
    close: async () => {
      closing = true;
      const gone = once(worker, 'exit');
      worker.postMessage('stop');
      await gone;
    },
  };
}

const newSecret = () => randomBytes(32).toString('base64url');

async function keepSecret(file: string): Promise<string> {
  if (!(await stat(file).catch(() => undefined)))
    await writeFile(file, newSecret(), { mode: 0o600, flag: 'wx' });
  return readFile(file, 'utf8');
}
