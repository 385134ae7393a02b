import type { Departure } from './presence.ts';

/** A change of the users of one node. */
export interface PresenceHint {
  readonly node: string;
  readonly version: number;
  readonly came: readonly string[];
  readonly went: readonly Departure[];
  /**
   * Whether Redis refuses to store the users of this node, so that its keys say nothing about it.
   */
  readonly isUnwritten: boolean;
}

declare module './bus.ts' {
  interface Hints {
    readonly presence: PresenceHint;
  }
}
