import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openDatabase, type Database } from '../../src/db/database.ts';
import { openEventLog } from '../../src/events/event-log.ts';
import type { Event, FreshEvent } from '../../src/events/event.ts';
import { createSequencer, type Sequencer } from '../../src/events/sequencer.ts';
import { applicationTopic, conversationTopic } from '../../src/events/topics.ts';
import { transact } from '../../src/events/transactions.ts';
import { createRandom } from '../faults/random.ts';
import { silentLog } from '../support/silent-log.ts';
import { until } from '../support/until.ts';

interface SequencerSuite {
  settings(): Promise<Record<string, string>>;
  /** Whether several transactions run at once. */
  readonly isConcurrent: boolean;
}

/** Hints of all nodes of a test; some of them are lost. */
function createHints(isLost: () => boolean) {
  const watchers = new Set<(fresh: readonly FreshEvent[]) => void>();
  return {
    publish(fresh: readonly FreshEvent[]) {
      if (!isLost()) for (const watcher of watchers) watcher(fresh);
    },
    watch(watcher: (fresh: readonly FreshEvent[]) => void) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
  };
}

/** The differences between the order and the conversations: lost, repeated or reordered events. */
function faultsOf(
  order: readonly { readonly data: unknown }[],
  conversations: ReadonlyMap<string, readonly string[]>,
): string[] {
  const inOrder = new Map<string, string[]>();
  for (const { data } of order) {
    const { conversationId, messageId } = data as { conversationId: string; messageId: string };
    const seen = inOrder.get(conversationId) ?? [];
    inOrder.set(conversationId, [...seen, messageId]);
  }
  return [...conversations].flatMap(([id, ids]) =>
    JSON.stringify(inOrder.get(id) ?? []) === JSON.stringify(ids)
      ? []
      : [`${id}: ${inOrder.get(id)?.length ?? 0} of ${ids.length} events, or in another order`],
  );
}

export function describeSequencer({ settings, isConcurrent }: SequencerSuite): void {
  let url: Record<string, string>;
  const opened: Database[] = [];
  const open = async () => {
    const database = await openDatabase(
      readConfig({ JWT_SECRET: 'x'.repeat(32), ...url }),
      silentLog,
    );
    opened.push(database);
    return database;
  };
  let database: Database;
  beforeAll(async () => {
    url = await settings();
    database = await open();
  });
  afterAll(() => Promise.all(opened.map((one) => one[Symbol.asyncDispose]())));

  const start = (
    on: Database,
    hints: ReturnType<typeof createHints>,
    retentionDays = 7,
  ): Sequencer =>
    createSequencer({
      database: on,
      eventLog: openEventLog(on),
      publish: () => {},
      watch: hints.watch,
      isSubscribed: () => false,
      log: silentLog,
      retentionDays,
      leaseMs: 300,
      compareMs: 50,
    });

  /** The events of the order after this number. */
  async function readOrder(after = 0): Promise<Event[]> {
    const passage = await openEventLog(database).read(applicationTopic, after, 100_000);
    return [...passage!.events];
  }
  const headOf = async () =>
    (await openEventLog(database).heads([applicationTopic])).get(applicationTopic)?.seq ?? 0;

  async function conversationsOf(ids: readonly string[]): Promise<Map<string, string[]>> {
    const found = new Map<string, string[]>();
    for (const id of ids) {
      const rows = await database.prisma.event.findMany({
        where: { topic: conversationTopic(id) },
        orderBy: { seq: 'asc' },
      });
      found.set(
        id,
        rows.map(({ data }) => (data as { messageId: string }).messageId),
      );
    }
    return found;
  }

  let written = 0;
  /** Stores one event in each conversation, in one transaction. */
  const write = (on: Database, hints: ReturnType<typeof createHints>, ids: readonly string[]) =>
    transact({ database: on, publish: hints.publish }, async (_transaction, record) => {
      for (const conversationId of ids)
        record({ type: 'MessageSent', data: { conversationId, messageId: `${++written}` } });
    });

  it('[P16] has every event once and each conversation in its order, although transactions commit out of order and hints are lost', async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1e9);
    const random = createRandom(seed);
    const hints = createHints(() => random.chance(0.3));
    const second = isConcurrent ? await open() : database;
    const sequencers = [start(database, hints), start(second, hints)];
    const leave = sequencers.map((one) => one.follow());
    await sequencers[0]!.catchUp();
    const from = await headOf();
    const ids = Array.from({ length: 6 }, (_, nth) => `out-of-order-${seed}-${nth}`);
    // The naive way: a number from a sequence, in the same transaction.
    await database.prisma
      .$executeRaw`create table if not exists naive (id bigserial primary key, data jsonb)`;
    const naive: { id: number; data: unknown }[] = [];
    let isWriting = true;
    const following = (async () => {
      for (let isLast = false; !isLast;) {
        isLast = !isWriting;
        const rows = await database.prisma.$queryRaw<
          { id: number; data: unknown }[]
        >`select id::int, data from naive where id > ${naive.at(-1)?.id ?? 0} order by id`;
        naive.push(...rows);
        await delay(2);
      }
    })();
    // Both number at the same time.
    const competing = (async () => {
      while (isWriting) {
        await sequencers[1]!.catchUp();
        await delay(10);
      }
    })();
    const writer = async () => {
      for (let round = 0; round < 40; round++) {
        const chosen = ids.filter(() => random.chance(0.3));
        if (chosen.length === 0) continue;
        await transact(
          { database: random.chance(0.5) ? database : second, publish: hints.publish },
          async (_transaction, record) => {
            for (const conversationId of chosen) {
              const data = { conversationId, messageId: `${++written}` };
              record({ type: 'MessageSent', data });
            }
          },
          async (transaction, events) => {
            for (const { data } of events)
              await transaction.$executeRaw`insert into naive (data) values (${data}::jsonb)`;
            if (isConcurrent) await delay(random.between(0, 12));
          },
        );
      }
    };
    await Promise.all(Array.from({ length: 8 }, writer));
    isWriting = false;
    await Promise.all([following, competing]);
    const conversations = await conversationsOf(ids);
    const total = [...conversations.values()].reduce((sum, { length }) => sum + length, 0);
    await until('the events are in the order', async () => (await headOf()) >= from + total);
    const order = await readOrder(from);
    expect(faultsOf(order, conversations), `SEED=${seed}`).toEqual([]);
    expect(order).toHaveLength(total);
    // Dense numbers, each following the tag of the one before it [P15].
    for (const [index, { seq, follows }] of order.entries()) {
      expect(seq).toBe(from + index + 1);
      if (index > 0) expect(follows).toBe(order[index - 1]!.tag);
    }
    // The control: numbers from a sequence lose or reorder events, and this is noticed.
    if (isConcurrent) expect(faultsOf(naive, conversations)).not.toEqual([]);
    for (const one of leave) one();
    await Promise.all(sequencers.map((one) => one[Symbol.asyncDispose]()));
  }, 120_000);

  it('[P16] goes on elsewhere when the node that numbers is gone, and takes what happened meanwhile', async () => {
    const hints = createHints(() => false);
    const first = start(database, hints);
    first.follow();
    await first.catchUp();
    const from = await headOf();
    const id = `taken-over-${written}`;
    await write(database, hints, [id]);
    await until('the events are in the order', async () => (await headOf()) === from + 1);
    // A node that is killed leaves its lease behind.
    await first[Symbol.asyncDispose]();
    await database.prisma
      .$executeRaw`update leases set holder = 'gone', expires_at = clock_timestamp() + interval '300 ms'`;
    for (let nth = 0; nth < 5; nth++) await write(database, hints, [id]);
    const second = start(database, hints);
    second.follow();
    await until('the events are in the order', async () => (await headOf()) === from + 6);
    expect(faultsOf(await readOrder(from), await conversationsOf([id]))).toEqual([]);
    await second[Symbol.asyncDispose]();
  });

  it('costs nothing while nobody follows: no event is copied', async () => {
    const hints = createHints(() => false);
    const idle = start(database, hints);
    const from = await headOf();
    await write(database, hints, [`unfollowed-${written}`]);
    await delay(600);
    expect(await headOf()).toBe(from);
    await idle[Symbol.asyncDispose]();
  });

  it('[P3] has a StreamReset in place of events that were trimmed before they were copied', async () => {
    const hints = createHints(() => false);
    const sequencer = start(database, hints);
    await sequencer.catchUp();
    const from = await headOf();
    const id = `trimmed-${written}`;
    for (let nth = 0; nth < 4; nth++) await write(database, hints, [id]);
    await database.prisma.event.deleteMany({
      where: { topic: conversationTopic(id), seq: { lte: 2 } },
    });
    await sequencer.catchUp();
    const order = await readOrder(from);
    expect(order.map(({ type }) => type)).toEqual(['StreamReset', 'MessageSent', 'MessageSent']);
    expect(faultsOf(order.slice(1), await conversationsOf([id]))).toEqual([]);
    // All of a conversation may be gone.
    await write(database, hints, [id]);
    await database.prisma.event.deleteMany({ where: { topic: conversationTopic(id) } });
    await sequencer.catchUp();
    expect((await readOrder(from)).slice(3).map(({ type }) => type)).toEqual(['StreamReset']);
    await sequencer.catchUp();
    expect(await headOf()).toBe(from + 4);
    await sequencer[Symbol.asyncDispose]();
  });

  it('[P3] begins again with a StreamReset if nobody has followed for longer than events are kept', async () => {
    const hints = createHints(() => false);
    const sequencer = start(database, hints, 7);
    await sequencer.catchUp();
    const from = await headOf();
    await write(database, hints, [`long-ago-${written}`]);
    await database.prisma.$executeRaw`update leases set expires_at = now() - interval '8 days'`;
    await sequencer.catchUp();
    expect((await readOrder(from)).map(({ type, data }) => [type, data])).toEqual([
      ['StreamReset', { reason: 'LOG_TRIMMED' }],
    ]);
    await sequencer[Symbol.asyncDispose]();
  });
}
