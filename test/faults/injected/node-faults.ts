import { setTimeout as delay } from 'node:timers/promises';
import type { NodeProcess } from '../cluster/node-process.ts';
import type { Fault, Faults } from './faults.ts';

const blockedMs = 2000;

const stopped =
  (msOf: (random: Parameters<Fault>[1]) => number): Fault =>
  async ({ cluster }, random) => {
    const node = random.pick(cluster.nodes);
    node.freeze();
    await delay(msOf(random));
    node.thaw();
  };

/** Where a node does not come back the run cannot go on as it was meant. */
async function comeBack(
  node: NodeProcess,
  violate: (rule: string, detail: string) => void,
): Promise<void> {
  await node
    .start()
    .catch((error: Error) =>
      violate('start', `${node.name} does not start again: ${error.message}`),
    );
}

/** All followers receive what a node acknowledged, even if the node is killed [P4]. */
export const nodeFaults: Faults = {
  'node killed': async ({ cluster, violate }, random) => {
    const node = random.pick(cluster.nodes);
    await node.kill();
    await delay(random.between(0, 3000));
    await comeBack(node, violate);
  },
  'node stopped and continued': stopped((random) => random.between(3000, 7000)),
  'node blocked for 2 s': stopped(() => blockedMs),
  'nodes rolled': async ({ cluster, violate }) => {
    for (const node of cluster.nodes) {
      await node.terminate();
      await comeBack(node, violate);
    }
  },
};
