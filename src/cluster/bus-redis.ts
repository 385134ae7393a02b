import { createHash, randomUUID } from 'node:crypto';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Bus } from './bus.ts';
import { impatientOptions, redisOptions } from './redis-options.ts';

const channelCount = 8;
const probeMs = 1000;
const silenceMs = 3000;

interface Envelope {
  readonly from: string;
  readonly message?: unknown;
  /** A probe: when it was sent, in ms of this process. */
  readonly probe?: number;
}

/**
 * Through Redis. Every node subscribes once, at boot, to all of a small fixed set of channels, because a subscription made under load can
 * miss what comes with its acknowledgement. A probe to itself each second notices a link that is open and carries nothing.
 */
export async function openRedisBus(
  url: string,
  prefix: string,
  log: Log,
  metrics: Metrics,
): Promise<Bus> {
  const node = randomUUID();
  const subscriber = new Redis(url, { ...redisOptions, maxRetriesPerRequest: null });
  // Publishing never delays a mutation.
  const publisher = new Redis(url, impatientOptions);
  const pubsub = new RedisPubSub({ subscriber: toldOfSuccessOnly(subscriber, log), publisher });
  const listeners: ((message: unknown) => void)[] = [];
  const returns: (() => void)[] = [];
  let lastHeard = performance.now();
  let madeAnewAt = lastHeard;
  let isUp = false;

  for (const [name, connection] of Object.entries({ subscriber, publisher }))
    connection.on('error', (error) =>
      log.debug({ connection: name, error: error.message }, 'Redis does not answer'),
    );

  const hear = (envelope: Envelope | null) => {
    if (envelope?.probe !== undefined && envelope.from === node) heardProbe(envelope.probe);
    if (envelope?.message !== undefined && envelope.from !== node)
      for (const listener of listeners) listener(envelope.message);
  };
  const heardProbe = (sentAt: number) => {
    // One that was stuck in the link that was given up says nothing of the new one.
    if (sentAt < madeAnewAt) return;
    lastHeard = performance.now();
    metrics.busLag.observe((lastHeard - sentAt) / 1000);
    if (isUp) return;
    isUp = true;
    metrics.busUp.set(1);
    log.info('the bus is up');
    for (const returned of returns) returned();
  };
  const gone = (reason: string) => {
    if (isUp)
      log.warn(`the bus is away: ${reason}; events of other nodes are read from the log meanwhile`);
    isUp = false;
    metrics.busUp.set(0);
  };
  const send = (channel: number, envelope: Envelope) => {
    // A lost hint is repaired by the head check.
    pubsub.publish(`${prefix}:${channel}`, envelope).catch(() => {});
  };
  const probe = () => {
    if (performance.now() - lastHeard > silenceMs) {
      gone('Redis is silent');
      madeAnewAt = lastHeard = performance.now();
      // Also before it is ready: a link may go silent while it is being made.
      for (const connection of [subscriber, publisher])
        if (connection.status === 'ready' || connection.status === 'connect')
          connection.disconnect(true);
    }
    // Through the channel that is subscribed last.
    send(channelCount - 1, { from: node, probe: performance.now() });
  };

  subscriber.once('ready', () => {
    const subscribed = Array.from({ length: channelCount }, (_, channel) =>
      pubsub.subscribe(`${prefix}:${channel}`, hear),
    );
    void subscribed.at(-1)?.then(probe);
  });
  publisher.on('ready', probe);
  subscriber.on('close', () => gone('the connection to Redis was lost'));
  const timer = setInterval(probe, probeMs);

  return {
    get isUp() {
      return isUp;
    },
    publish: (key, message) =>
      send(createHash('md5').update(key).digest()[0]! % channelCount, { from: node, message }),
    listen: (listener) => void listeners.push(listener),
    onReturn: (listener) => void returns.push(listener),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      listeners.length = returns.length = 0;
      subscriber.disconnect();
      publisher.disconnect();
    },
  };
}

/** The library lets a SUBSCRIBE that fails end the process, so it never learns of one. */
function toldOfSuccessOnly(subscriber: Redis, log: Log): Redis {
  const subscribe = (channel: string, done: () => void) =>
    subscriber.subscribe(channel).then(
      () => done(),
      (error: Error) =>
        log.warn(
          { channel, error: error.message },
          'Redis refuses to be listened to; the user of REDIS_URL needs its channels (ACL: &causerie:*)',
        ),
    );
  return Object.assign(Object.create(subscriber), { subscribe }) as Redis;
}
