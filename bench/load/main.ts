import { setTimeout as delay } from 'node:timers/promises';
import { createAudience, type Audience, type AudienceOptions } from './audience.ts';
import type { Peer } from './dialect.ts';
import { latenciesOf, type Latencies } from './latencies.ts';
import { openSender, type Sender } from './sender.ts';

// The load on one server, in a process of its own. The bench calls these tasks by name over the channel of the process.
let audience: Audience;
let senders: Sender[];
let body = '';
const ordinaryBody = 'x'.repeat(80);
/** When each marked message was sent, and how long it took to be heard. */
let sentAt = new Float64Array();
let heardAfter: number[] = [];

const tasks = {
  /** Takes those who are to follow from now on; none is connected yet, and those of before are cut off. */
  async gather(options: AudienceOptions): Promise<void> {
    audience?.cut();
    audience = createAudience(options, noteHeard);
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

  /** Sends until all who follow hear, which not every server tells. What is fanned out from then on makes events of so many bytes. */
  async settle({ roomId, messageBytes }: { roomId: string; messageBytes: number }): Promise<void> {
    for (const deadline = performance.now() + 30_000; performance.now() < deadline;) {
      audience.forget();
      await senders[0]!.send(roomId, 'x');
      const areAllThere = await audience.haveHeard(1, 1000).then(
        () => true,
        () => false,
      );
      body = 'x'.repeat(1 + Math.max(0, messageBytes - audience.sample.length));
      if (areAllThere) return;
    }
    throw new Error('Not all who follow hear.');
  },

  /** Sends so many bursts of so many messages, each when all have heard the one before, but not sooner than `everyMs` after it. Returns the deliveries. */
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
    audience.forget();
    const startedAt = performance.now();
    for (let nth = 0; nth < bursts; nth++) {
      await delay(startedAt + nth * everyMs - performance.now());
      await Promise.all([
        ...Array.from({ length: burst }, () => senders[0]!.send(roomId, body)),
        audience.haveHeard((nth + 1) * burst),
      ]);
    }
    return bursts * burst * audience.size;
  },

  /** Sends so many messages, whether anybody follows or not. */
  async send({ roomId, count }: { roomId: string; count: number }): Promise<void> {
    for (let sent = 0; sent < count;)
      await Promise.all(
        senders.slice(0, count - sent).map((sender) => (sent++, sender.send(roomId, body))),
      );
  },

  /** All send, each to the next room when the last send was answered. */
  async sendAll({ rooms, forMs }: { rooms: readonly string[]; forMs: number }): Promise<Latencies> {
    const end = performance.now() + forMs;
    const times: number[] = [];
    await Promise.all(
      senders.map(async (sender, place) => {
        for (let turn = place; performance.now() < end; turn++) {
          const startedAt = performance.now();
          await sender.send(rooms[turn % rooms.length]!, ordinaryBody);
          times.push(performance.now() - startedAt);
        }
      }),
    );
    return latenciesOf(times);
  },

  /** Sends at a rate, whether answered or not, to the rooms in turn; from the moment it was due until it was heard. */
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
    heardAfter = [];
    const answers: Promise<void>[] = [];
    const startedAt = performance.now();
    while (answers.length < count) {
      for (
        const due = ((performance.now() - startedAt) * perSecond) / 1000;
        answers.length < Math.min(count, due);
      ) {
        const nth = answers.length;
        sentAt[nth] = startedAt + (nth * 1000) / perSecond;
        answers.push(
          senders[nth % senders.length]!.send(
            rooms[nth % rooms.length]!,
            `#${nth}# `.padEnd(80, 'x'),
          ),
        );
      }
      await delay(1);
    }
    await Promise.all(answers);
    for (
      const deadline = performance.now() + 10_000;
      heardAfter.length < count * followersPerRoom;
      await delay(20)
    )
      if (performance.now() > deadline)
        throw new Error(
          `Only ${heardAfter.length} of ${count * followersPerRoom} deliveries arrived.`,
        );
    return latenciesOf(heardAfter);
  },
};

export type Tasks = typeof tasks;

const mark = Buffer.from('"body":"#');

function noteHeard(bytes: Buffer, start: number, end: number): void {
  if (sentAt.length === 0) return;
  const now = performance.now();
  const at = bytes.subarray(start, end).indexOf(mark);
  if (at < 0) return;
  const nth = Number.parseInt(
    bytes.toString('latin1', start + at + mark.length, start + at + mark.length + 8),
    10,
  );
  heardAfter.push(now - sentAt[nth]!);
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
