import type { Follower } from '../actors/follower.ts';
import type { Room } from '../actors/run.ts';
import type { TestedCluster } from '../cluster/cluster.ts';
import type { Random } from '../random.ts';

/** What a fault may lay its hands on. */
export interface Victims {
  readonly cluster: TestedCluster;
  readonly followers: readonly Follower[];
  readonly rooms: readonly Room[];
  /** Something that must not be, at once. */
  violate(rule: string, detail: string): void;
}

/** Does harm, and resolves when it is over and everything could work again. */
export type Fault = (victims: Victims, random: Random) => Promise<void>;

/** By kind. */
export type Faults = Readonly<Record<string, Fault>>;
