import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Limits } from '../../src/limits.ts';
import { createDatabase, describeWithServers } from '../support/servers.ts';
import { allAttacks } from './attacks/all.ts';
import { runAttack } from './run-attack.ts';
import { openSite, type Site } from './site.ts';

/** Attacks whose bounds have no control in another test; docs/security.md lists those. */
const names = [
  'malformed targets and hosts, of requests and upgrades',
  'subscriptions with 60 KB of text each',
  'invalid documents',
  'sockets without a token',
  'subscriptions whose every event is expensive',
];
/** Those that need no more than other limits to succeed. The last one leaves the node busy. */
const stoppedByLimits = names.slice(2);

const hasty = { leaveGraceMs: 200 } satisfies Partial<Limits>;
const off = 2 ** 40;
const unbounded = {
  ...hasty,
  newDocumentsBurst: off,
  newDocumentsPerSecond: off,
  eventMaxCost: off,
  eventCostPerTopic: off,
  eventCostPerUser: off,
  anonymousConnectionsPerAddress: off,
} satisfies Partial<Limits>;

const attackOf = (name: string) => allAttacks.find((attack) => attack.name === name)!;
const options = { forMs: 4000, quietMs: 300, isTimed: false };

describeWithServers('a built node that is attacked', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ databaseUrl: await createDatabase(), limits: hasty });
  });
  afterAll(() => site[Symbol.asyncDispose]());

  it.each(names)(
    '[P13] keeps its bounds: %s',
    async (name) => {
      expect((await runAttack(attackOf(name), site, options)).broken).toEqual([]);
    },
    60_000,
  );
});

describeWithServers('a built node without bounds that is attacked', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({
      databaseUrl: await createDatabase(),
      limits: unbounded,
    });
  });
  afterAll(() => site[Symbol.asyncDispose]());

  it.each(stoppedByLimits)(
    'is found to break them: %s',
    async (name) => {
      const broken = await runAttack(attackOf(name), site, options).then(
        (report) => report.broken,
        // A node that no longer answers is noticed, too.
        (error: Error) => [error.message],
      );
      expect(broken).not.toEqual([]);
    },
    60_000,
  );
});
