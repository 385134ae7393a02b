import { setTimeout as delay } from 'node:timers/promises';
import type { Run } from './actors/run.ts';
import type { Auditor } from './auditor.ts';
import type { TestedCluster } from './cluster/cluster.ts';
import { readMetrics } from './held.ts';

const auditMs = 2000;
/** Far above the needs of a node, and far below the size of all unread data. */
const residentMaxBytes = 700 * 1024 * 1024;

/** Audits observations and nodes during the run. Ends with the highest memory of any node. */
export function startWatch(
  run: Run,
  { nodes }: TestedCluster,
  auditor: Auditor,
  progress: () => void,
) {
  let isOver = false;
  let peakResidentBytes = 0;
  const watching = (async () => {
    for (let turn = 1; !isOver; turn++) {
      await delay(auditMs);
      await auditor.audit().catch(() => {});
      for (const node of nodes) {
        node.examine();
        const metrics = node.isUp ? await readMetrics(node.url).catch(() => undefined) : undefined;
        const resident = metrics?.get('process_resident_memory_bytes') ?? 0;
        if (resident > residentMaxBytes)
          run.violate('memory', `${node.name} takes ${Math.round(resident / 2 ** 20)} MiB`);
        peakResidentBytes = Math.max(peakResidentBytes, resident);
      }
      if (turn % 5 === 0) progress();
    }
  })();
  return {
    async end() {
      isOver = true;
      await watching;
      return peakResidentBytes;
    },
  };
}
