import { setTimeout as delay } from 'node:timers/promises';
import { createAudience, type Audience, type AudienceOptions } from './audience.ts';
import type { Peer } from './dialect.ts';
import { latenciesOf, type Latencies } from './latencies.ts';
import { openSender, type Sender } from './sender.ts';

// The load process of one server. The bench calls these tasks by name over the IPC channel.
let audience: Audience;
let senders: Sender[];
let body = '';
const ordinaryBody = 'x'.repeat(80);
/** When each marked message was due, and how long each delivery took, in ms. */
let sentAt = new Float64Array();
let deliveryTimes: number[] = [];

const tasks = {
  /**
   * Prepares new followers, without connecting them. The connections of the previous ones are cut.
   */
  async gather(options: AudienceOptions): Promise<void> {
    audience?.cut();
    audience = createAudience(options, recordDelivery);
  },
  grow: (size: number): Promise<void> => audience.grow(size),
  cut: async (): Promise<void> => audience.cut(),
  sample: async (): Promise<string> => audience.sample,

  async connectSenders({
    peer,
    url,
    tokens,
  }: {
    peer: Peer;
    url: string;
    tokens: readonly (string | undefined)[];
  }): Promise<void> {
    senders = await Promise.all(tokens.map((token) => openSender({ peer, url, token })));
  },

  /**
   * Sends until all followers receive, because not every server confirms a subscription. Then
   * chooses a body with which an event has `messageBytes`.
   */
  async settle({ roomId, messageBytes }: { roomId: string; messageBytes: number }): Promise<void> {
    for (const deadline = performance.now() + 30_000; performance.now() < deadline;) {
      audience.reset();
      await senders[0]!.send(roomId, 'x');
      const isComplete = await audience.allReceive(1, 1000).then(
        () => true,
        () => false,
      );
      body = 'x'.repeat(1 + Math.max(0, messageBytes - audience.sample.length));
      if (isComplete) return;
    }
    throw new Error('Not all followers receive events.');
  },

  /**
   * Sends bursts of messages. Each waits until all followers have received the one before, and at
   * least `everyMs`. Returns the number of deliveries.
   */
  async fanOut({
    roomId,
    bursts,
    burst,
    everyMs,
  }: {
    roomId: string;
    bursts: number;
    burst: number;
    everyMs: number;
  }): Promise<number> {
    audience.reset();
    const startedAt = performance.now();
    for (let index = 0; index < bursts; index++) {
      await delay(startedAt + index * everyMs - performance.now());
      await Promise.all([
        ...Array.from({ length: burst }, () => senders[0]!.send(roomId, body)),
        audience.allReceive((index + 1) * burst),
      ]);
    }
    return bursts * burst * audience.size;
  },

  /** Sends messages without waiting for followers. */
  async send({ roomId, count }: { roomId: string; count: number }): Promise<void> {
    for (let sent = 0; sent < count;)
      await Promise.all(
        senders.slice(0, count - sent).map((sender) => (sent++, sender.send(roomId, body))),
      );
  },

  /** All senders send at once. Each sends to the next room as soon as it has its answer. */
  async sendAll({ rooms, forMs }: { rooms: readonly string[]; forMs: number }): Promise<Latencies> {
    const end = performance.now() + forMs;
    const times: number[] = [];
    await Promise.all(
      senders.map(async (sender, index) => {
        for (let turn = index; performance.now() < end; turn++) {
          const startedAt = performance.now();
          await sender.send(rooms[turn % rooms.length]!, ordinaryBody);
          times.push(performance.now() - startedAt);
        }
      }),
    );
    return latenciesOf(times);
  },

  /**
   * Sends to the rooms in turn at a fixed rate, without waiting for answers. Measures from the
   * moment a send was due until it was received.
   */
  async sendAtRate({
    rooms,
    perSecond,
    forMs,
    followersPerRoom,
  }: {
    rooms: readonly string[];
    perSecond: number;
    forMs: number;
    followersPerRoom: number;
  }): Promise<Latencies> {
    const count = (perSecond * forMs) / 1000;
    sentAt = new Float64Array(count);
    deliveryTimes = [];
    const answers: Promise<void>[] = [];
    const startedAt = performance.now();
    while (answers.length < count) {
      const due = ((performance.now() - startedAt) * perSecond) / 1000;
      while (answers.length < Math.min(count, due)) {
        const index = answers.length;
        sentAt[index] = startedAt + (index * 1000) / perSecond;
        const sender = senders[index % senders.length]!;
        answers.push(sender.send(rooms[index % rooms.length]!, `#${index}# `.padEnd(80, 'x')));
      }
      await delay(1);
    }
    await Promise.all(answers);
    await allDelivered(count * followersPerRoom);
    return latenciesOf(deliveryTimes);
  },
};

export type Tasks = typeof tasks;

async function allDelivered(expected: number): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (deliveryTimes.length < expected) {
    if (performance.now() > deadline)
      throw new Error(`Only ${deliveryTimes.length} of ${expected} deliveries arrived.`);
    await delay(20);
  }
}

const mark = Buffer.from('"body":"#');

function recordDelivery(bytes: Buffer, start: number, end: number): void {
  if (sentAt.length === 0) return;
  const now = performance.now();
  const at = bytes.subarray(start, end).indexOf(mark);
  if (at < 0) return;
  const digits = start + at + mark.length;
  const index = Number.parseInt(bytes.toString('latin1', digits, digits + 8), 10);
  deliveryTimes.push(now - sentAt[index]!);
}

process.on(
  'message',
  async ({ id, task, input }: { id: number; task: keyof Tasks; input: never }) => {
    try {
      process.send!({ id, result: await tasks[task](input) });
    } catch (error) {
      process.send!({ id, fault: error instanceof Error ? error.message : String(error) });
    }
  },
);
process.on('disconnect', () => process.exit());
