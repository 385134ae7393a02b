import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StartError } from '../errors.ts';
import type { Log } from '../log.ts';
import { keepSecret, newSecret } from './kept-secret.ts';
import { lockDirectory } from './lock.ts';
import { makePrivateDirectory } from './private-directory.ts';
import { prepareSocket } from './database-socket.ts';

export interface Embedded {
  /**
   * The connection options for `pg`. There is one connection, because a second one would mix the
   * messages of both.
   */
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
    readonly max: 1;
  };
  readonly description: string;
  readonly secret: string;
  close(): Promise<void>;
}

/**
 * PostgreSQL as WebAssembly, in a thread of its own, with its files in `directory`, or in memory if
 * that is `memory`. It survives a killed process, but not a power cut, because it never syncs.
 * Throws StartError.
 */
export async function openEmbedded(directory: string, log: Log): Promise<Embedded> {
  if (directory === 'memory') {
    const worker = await startWorker('memory://', undefined, log);
    return {
      ...worker,
      description: 'embedded, in memory: nothing is stored',
      secret: newSecret(),
    };
  }
  const path = resolve(directory);
  await makePrivateDirectory(path);
  const lock = await lockDirectory(path);
  try {
    const secret = await keepSecret(join(path, 'jwt-secret'));
    const worker = await startWorker(join(path, 'postgres'), path, log);
    return {
      connection: worker.connection,
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

async function startWorker(files: string, directory: string | undefined, log: Log) {
  const socket = await prepareSocket(directory, log);
  const worker = new Worker(new URL('./embedded-worker.js', import.meta.url), {
    workerData: { directory: files, listen: socket.listen },
    name: 'embedded-database',
  });
  const [{ address }] = (await once(worker, 'message').catch(async (error) => {
    await socket.remove();
    throw new StartError(
      `The embedded database in ${files} does not open: ${error.message}. Restore it from a backup, or set DATA_DIR to another directory.`,
    );
  })) as [{ address: string }];
  let closing = false;
  worker.on('error', (error) =>
    log.error({ error: error.message }, 'the embedded database stopped'),
  );
  worker.on('exit', (code) => {
    // Ends the process: nothing can be stored any more, and a second database beside half-open
    // transactions would be worse.
    if (!closing) throw new Error(`the embedded database ended with code ${code}`);
  });
  return {
    connection: {
      host: socket.host,
      port: socket.portOf(address),
      database: 'postgres',
      user: 'postgres',
      max: 1 as const,
    },
    close: async () => {
      closing = true;
      const ended = once(worker, 'exit');
      worker.postMessage('stop');
      await ended;
      await socket.remove();
    },
  };
}
