import type { User } from '../faults/cluster/users.ts';
import type { Random } from '../faults/random.ts';

/** The people of a soak, and where they are. */
export interface Town {
  readonly url: string;
  readonly wsUrl: string;
  readonly roomIds: readonly string[];
  /** Rooms in which the churn of messages joins and leaves. */
  readonly openRoomIds: readonly string[];
}

/** One visit of a user: it begins, does something, and leaves nothing behind but rows. */
export type Visit = (town: Town, user: User, random: Random) => Promise<void>;
