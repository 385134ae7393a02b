import { createHash, randomUUID } from 'node:crypto';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Bus } from './bus.ts';

const channelCount = 8;
const probeMs = 1000;
const silenceMs = 3000;

interface Envelope {
  readonly from: string;
  readonly message: unknown;
}

/**
 * Through Redis. Every node subscribes once, at boot, to all of a small fixed set of channels, because a subscription made under load can
 * miss what comes with its acknowledgement. A probe to itself each second notices a link that is open and carries nothing.
 */
export async function openRedisBus(url: string, prefix: string, log: Log, metrics: Metrics): Promise<Bus> {
  const node = randomUUID();
  const probeChannel = `${prefix}:probe:${node}`;
  const retryStrategy = (attempt: number) => Math.min(2000, 100 * 2 ** Math.min(attempt, 5)) * (0.5 + Math.random() / 2);
  const subscriber = new Redis(url, { maxRetriesPerRequest: null, keepAlive: 10_000, retryStrategy });
  // Publishing never delays a mutation, nor gathers what nobody will wait for.
  const publisher = new Redis(url, { maxRetriesPerRequest: 1, commandTimeout: 500, enableOfflineQueue: false, keepAlive: 10_000, retryStrategy });
  const pubsub = new RedisPubSub({ subscriber, publisher, connectionListener: () => {} });
  const listeners: ((message: unknown) => void)[] = [];
  const returns: (() => void)[] = [];
  let lastHeard = performance.now();
  let isUp = false;

  for (const [name, connection] of Object.entries({ subscriber, publisher }))
    connection.on('error', (error) => log.warn({ connection: name, error: error.message }, 'Redis is away'));

  const hear = ({ from, message }: Envelope) => {
    if (from === node) return;
    try {
      for (const listener of listeners) listener(message);
    } catch (error) {
      // What is wrong with one message, or with who hears it, must not end the process; what it told is in the log.
      log.error({ err: error }, 'a message of the bus could not be heard');
    }
  };
  const heardProbe = (sentAt: number) => {
    lastHeard = performance.now();
    metrics.busLag.observe((lastHeard - sentAt) / 1000);
    if (isUp) return;
    isUp = true;
    metrics.busUp.set(1);
    for (const returned of returns) returned();
  };
  const send = (channel: string, payload: unknown) => {
    // A lost hint is repaired by the head check; the log of the connection says that Redis is away.
    pubsub.publish(channel, payload).catch(() => {});
  };
  const probe = () => {
    const silent = performance.now() - lastHeard;
    if (silent > silenceMs) {
      if (isUp) log.warn({ silentMs: Math.round(silent) }, 'the bus is silent');
      isUp = false;
      metrics.busUp.set(0);
      lastHeard = performance.now();
      if (subscriber.status === 'ready') subscriber.disconnect(true);
      if (publisher.status === 'ready') publisher.disconnect(true);
    }
    send(probeChannel, performance.now());
  };

  // Not before the first connection: the library lets a SUBSCRIBE that is given up end the process.
  subscriber.once('ready', () => {
    for (let channel = 0; channel < channelCount; channel++) void pubsub.subscribe(`${prefix}:${channel}`, hear);
    void pubsub.subscribe(probeChannel, heardProbe);
  });
  subscriber.on('close', () => {
    isUp = false;
    metrics.busUp.set(0);
  });
  const timer = setInterval(probe, probeMs);

  return {
    get isUp() {
      return isUp;
    },
    publish: (key, message) => send(`${prefix}:${createHash('md5').update(key).digest()[0]! % channelCount}`, { from: node, message } satisfies Envelope),
    listen: (listener) => void listeners.push(listener),
    onReturn: (listener) => void returns.push(listener),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      subscriber.disconnect();
      publisher.disconnect();
    },
  };
}
