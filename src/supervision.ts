import cluster from 'node:cluster';

/** The variable that tells a process the number of its node. */
export const nodeNumber = 'CAUSERIE_NODE';

/** What a node knows of the supervisor that started its process. */
export interface Supervision {
  /** From 0. It stays the same when the supervisor starts the node again. */
  readonly number: number;
  reportListening(): void;
  /** Calls the listener when the supervisor closes the node. If it is gone, the process ends. */
  onClose(listener: () => void): void;
}

/** Undefined if no supervisor started this process. */
export function findSupervision(): Supervision | undefined {
  const { worker } = cluster;
  if (!worker) return undefined;
  return {
    number: Number(process.env[nodeNumber]),
    reportListening: () => void worker.send('listening'),
    onClose: (listener) => void worker.on('message', listener),
  };
}
