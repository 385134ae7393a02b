import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createUnreadCount, type Progress } from '../../web/src/state/unread-count.ts';
import { createRandom } from '../faults/random.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** One conversation on a server, and a client that receives its events and answers late. */
function createConversation(seed: number, isRecounting = true) {
  const random = createRandom(seed);
  const upTo = (ms: number) => Math.floor(random.next() * ms);
  /** Also system messages and imported ones, which do not count either. */
  const deleted = new Set<number>();
  let newestSeq = 0;
  let lastReadSeq = 0;
  let arrived = Promise.resolve();

  /** As the server reads it: the count first, then the newest message. */
  async function ask(): Promise<Progress> {
    const askedAt = Date.now();
    await wait(upTo(300));
    const [unreadCount, marker] = [unreadNow(), lastReadSeq];
    await wait(upTo(30));
    const newest = newestSeq;
    await wait(upTo(300));
    const uncountedCount = newest - marker - unreadCount;
    return { newestSeq: newest, lastReadSeq: marker, uncountedCount, askedAt };
  }

  const unreadNow = () =>
    newestSeq - lastReadSeq - [...deleted].filter((seq) => seq > lastReadSeq).length;
  const client = createUnreadCount({ newestSeq, lastReadSeq, uncountedCount: 0 }, async () =>
    isRecounting ? ask() : undefined,
  );

  /** Events arrive in their order. */
  function publish(apply: () => void): void {
    const arrival = wait(upTo(400));
    arrived = Promise.all([arrived, arrival]).then(apply);
  }

  const actions = {
    send() {
      const seq = ++newestSeq;
      publish(() => client.advance({ newestSeq: seq, lastReadSeq: 0 }));
    },
    sendUncounted() {
      const seq = ++newestSeq;
      deleted.add(seq);
      publish(() => {
        client.advance({ newestSeq: seq, lastReadSeq: 0 });
        client.messageUncounted(seq);
      });
    },
    import() {
      const fromSeq = newestSeq + 1;
      newestSeq += 1 + upTo(20);
      const range = { fromSeq, toSeq: newestSeq };
      for (let seq = fromSeq; seq <= newestSeq; seq++) deleted.add(seq);
      publish(() => client.messagesImported(range));
    },
    delete() {
      const seq = 1 + upTo(newestSeq);
      if (seq > newestSeq || deleted.has(seq)) return;
      deleted.add(seq);
      publish(() => client.messageUncounted(seq));
    },
    read() {
      const seq = Math.max(lastReadSeq, upTo(newestSeq + 1));
      lastReadSeq = seq;
      publish(() => client.advance({ newestSeq: seq, lastReadSeq: seq }));
    },
    load: () => void ask().then(client.advance),
  };
  return {
    client,
    unreadNow,
    async live() {
      for (let step = 0; step < 60; step++) {
        const { send, sendUncounted, delete: erase, import: add, load, read } = actions;
        random.pick([send, send, send, sendUncounted, add, erase, erase, load, load, read])();
        await wait(upTo(200));
      }
    },
  };
}

async function isRightAfter(seed: number, isRecounting?: boolean): Promise<boolean> {
  const { client, unreadNow, live } = createConversation(seed, isRecounting);
  const living = live();
  await vi.advanceTimersByTimeAsync(60_000);
  await living;
  return client.unread.value === unreadNow();
}

const seeds = Array.from({ length: 80 }, (_, seed) => seed);

describe('the number of unread messages', () => {
  it('is right in the end, in whatever order answers, deletions and imports arrive', async () => {
    for (const seed of seeds) expect([seed, await isRightAfter(seed)]).toEqual([seed, true]);
  });

  it('control: would be wrong without asking again', async () => {
    const right = [];
    for (const seed of seeds) right.push(await isRightAfter(seed, false));
    expect(right.filter((one) => !one).length).toBeGreaterThan(4);
  });
});
