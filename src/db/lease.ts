import { randomUUID } from 'node:crypto';
import type { Database } from './database.ts';

/** Work that one node at a time does for all nodes. Another node takes over after `leaseMs`. */
export interface Lease {
  /** Whether this node has it, by its own clock. The time of the database decides. */
  readonly isHeld: boolean;
  /** Takes it if it is free, and renews it when that is due. Returns whether this node has it. */
  hold(): Promise<boolean>;
  /** How long nobody has had it, in ms. Not positive while somebody has it, or nobody ever had. */
  freeForMs(): Promise<number>;
  /** Gives it up, so that another node need not wait until it expires. */
  release(): Promise<void>;
}

const holdStatement = {
  name: 'lease-hold',
  text: `insert into leases (name, holder, expires_at) values ($1, $2, clock_timestamp() + $3::int * interval '1 ms')
         on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
         where leases.holder = excluded.holder or leases.expires_at < clock_timestamp()
         returning 1`,
};
const freeStatement = {
  name: 'lease-free',
  text: `select (extract(epoch from clock_timestamp() - expires_at) * 1000)::float8 as ms from leases where name = $1`,
};
const releaseStatement = {
  name: 'lease-release',
  text: 'update leases set expires_at = clock_timestamp() where name = $1 and holder = $2',
};

/**
 * A node that stalls may lose the lease while it works. So work under a lease must be harmless if
 * another node does it too.
 */
export function createLease(
  { query }: Pick<Database, 'query'>,
  name: string,
  leaseMs: number,
): Lease {
  const holder = randomUUID();
  let heldUntil = 0;
  let renewAt = 0;
  return {
    get isHeld() {
      return performance.now() < heldUntil;
    },
    async hold() {
      const now = performance.now();
      if (now < renewAt && now < heldUntil) return true;
      const rows = await query(holdStatement, [name, holder, leaseMs]);
      heldUntil = rows.length > 0 ? now + leaseMs : 0;
      renewAt = now + leaseMs / 3;
      return rows.length > 0;
    },
    async freeForMs() {
      const [row] = await query<{ ms: number }>(freeStatement, [name]);
      return row?.ms ?? 0;
    },
    async release() {
      if (heldUntil === 0) return;
      heldUntil = 0;
      await query(releaseStatement, [name, holder]);
    },
  };
}
