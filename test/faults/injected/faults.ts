import type { Follower } from '../actors/follower.ts';
import type { Room } from '../actors/run.ts';
import type { TestedCluster } from '../cluster/cluster.ts';
import type { Random } from '../random.ts';

/** The parts that a fault may break. */
export interface Victims {
  readonly cluster: TestedCluster;
  readonly followers: readonly Follower[];
  readonly rooms: readonly Room[];
  /** Reports a violation immediately. */
  violate(rule: string, detail: string): void;
}

/** Breaks something, and resolves when it is repaired. */
export type Fault = (victims: Victims, random: Random) => Promise<void>;

/** By kind. */
export type Faults = Readonly<Record<string, Fault>>;
