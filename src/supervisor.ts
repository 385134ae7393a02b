import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { closeMaxMs } from './run-node.ts';
import { nodeNumber } from './supervision.ts';

const shortestPauseMs = 1000;
const longestPauseMs = 30_000;

/**
 * Runs NODES nodes, each in a process of its own. They share the port. A node that ends is started
 * again. The others start when the first one listens, so that a fault which prevents a start is
 * reported once; the process then ends with the exit code of the first node.
 */
export async function superviseNodes(config: Config, log: Log): Promise<void> {
  const starting = new Set<Worker>();
  const listening = new Set<Worker>();
  let isClosing = false;

  /** Resolves when the process of the node has ended, with whether it has listened. */
  async function run(number: number, onListening = () => {}): Promise<boolean> {
    const worker = cluster.fork({ [nodeNumber]: number });
    starting.add(worker);
    worker.once('message', () => {
      starting.delete(worker);
      listening.add(worker);
      onListening();
    });
    const [code, signal] = await once(worker, 'exit');
    const hasListened = listening.delete(worker);
    starting.delete(worker);
    if (!hasListened) process.exitCode = code ?? 1;
    else if (!isClosing) log.error({ node: number, code, signal }, 'a node ended; it starts again');
    return hasListened;
  }

  async function keepRunning(number: number): Promise<void> {
    let pauseMs = shortestPauseMs;
    while (!isClosing) {
      const hasListened = await run(number);
      pauseMs = hasListened ? shortestPauseMs : Math.min(2 * pauseMs, longestPauseMs);
      await delay(pauseMs);
    }
  }

  closeWithGrace(
    { delay: closeMaxMs(config) + 1000, logger: undefined, skip: ['beforeExit'] },
    async ({ err }) => {
      isClosing = true;
      if (err) log.fatal({ err }, 'an unexpected error ends the supervisor and its nodes');
      const ends = [...starting, ...listening].map((worker) => once(worker, 'exit'));
      // A node that starts has no clients, and does not listen to its supervisor yet.
      for (const worker of starting) worker.process.kill();
      for (const worker of listening) if (worker.isConnected()) worker.send('close');
      await Promise.all(ends);
    },
  );

  const startOthers = () => {
    for (let number = 1; number < config.NODES; number++) void keepRunning(number);
  };
  if (await run(0, startOthers)) await keepRunning(0);
}
