import { setTimeout as delay } from 'node:timers/promises';
import type { FaultProxy } from '../../support/fault-proxy.ts';
import type { Fault, Faults } from './faults.ts';

/** One lane breaks, and is whole again after a while. */
const brokenLane =
  (
    damage: (wire: FaultProxy, random: Parameters<Fault>[1]) => void,
    repair: 'heal' | 'cut',
  ): Fault =>
  async ({ cluster }, random) => {
    const { wire } = random.pick(cluster.lanes);
    damage(wire, random);
    await delay(random.between(1000, 6000));
    if (repair === 'cut') wire.cut();
    wire.heal();
  };

/** The way between clients and nodes, and clients that do not read. */
export const clientFaults: Faults = {
  'connections cut': async ({ cluster }, random) => random.pick(cluster.lanes).wire.cut(),
  'connections refused': brokenLane((wire) => {
    wire.refuse();
    wire.cut();
  }, 'heal'),
  'black hole': brokenLane((wire) => wire.stall(), 'heal'),
  /** The client receives nothing and disconnects; the node does not notice. */
  'half-open connections': brokenLane((wire) => wire.stall(), 'cut'),
  'black hole to the node': brokenLane((wire) => wire.stall('up'), 'heal'),
  'black hole to the client': brokenLane((wire) => wire.stall('down'), 'heal'),
  'dribbling connections': brokenLane(
    (wire, random) => wire.dribble(Math.ceil(random.between(1, 40))),
    'heal',
  ),
  'coalescing connections': brokenLane(
    (wire, random) => wire.coalesce(random.between(10, 100)),
    'heal',
  ),
  'readers paused': async ({ followers }, random) => {
    for (const follower of random.shuffle(followers).slice(0, Math.ceil(followers.length / 5)))
      follower.pause(random.between(500, 2500));
    await delay(2500);
  },
  'reconnect storm': async ({ cluster }, random) => {
    for (const { wire } of cluster.lanes) wire.cut();
    await delay(random.between(0, 1000));
    for (const { wire } of cluster.lanes) wire.cut();
  },
};
