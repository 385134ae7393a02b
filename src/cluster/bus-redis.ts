import { randomUUID } from 'node:crypto';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Bus } from './bus.ts';
import { startProbe } from './bus-probe.ts';
import { createHintListeners, type HintMessage } from './hint-listeners.ts';
import { impatientOptions, redisOptions } from './redis-options.ts';

interface Message {
  readonly from: string;
  readonly hint?: HintMessage;
  /** The time at which the sender sent it to itself, in ms of its process. */
  readonly probe?: number;
}

/**
 * Carries hints through one Redis channel. Every node subscribes to it once, when it starts: a
 * subscription made under load can miss the messages that arrive with its acknowledgement. One
 * channel is enough, because every node needs the hints of all topics. It keeps their order, and a
 * probe on it tests the path that hints take.
 */
export function openRedisBus(url: string, prefix: string, log: Log, metrics: Metrics): Bus {
  const node = randomUUID();
  const channel = `${prefix}:hints`;
  const subscriber = new Redis(url, { ...redisOptions, maxRetriesPerRequest: null });
  // Publishing never delays a mutation.
  const publisher = new Redis(url, impatientOptions);
  const pubsub = new RedisPubSub({
    subscriber: reportingSuccessOnly(subscriber, log),
    publisher,
  });
  const listeners = createHintListeners();

  const send = (message: Message) => {
    // The head check repairs the loss of a hint.
    pubsub.publish(channel, message).catch(() => {});
  };
  const probe = startProbe({
    send: (sentAt) => send({ from: node, probe: sentAt }),
    reconnect: () => [subscriber, publisher].forEach(reconnect),
    log,
    metrics,
  });
  const receive = (message: Message | null) => {
    const isOwn = message?.from === node;
    if (message?.probe !== undefined && isOwn) probe.received(message.probe);
    if (message?.hint !== undefined && !isOwn) listeners.deliver(message.hint);
  };

  for (const [name, connection] of Object.entries({ subscriber, publisher }))
    connection.on('error', (error) =>
      log.debug({ connection: name, error: error.message }, 'Redis does not answer'),
    );
  subscriber.once('ready', () => void pubsub.subscribe(channel, receive).then(probe.sendNow));
  publisher.on('ready', probe.sendNow);
  subscriber.on('close', () => probe.lost('the connection to Redis was lost'));

  return {
    get isUp() {
      return probe.isUp;
    },
    publish: (kind, content) => send({ from: node, hint: { kind, content } }),
    listen: listeners.listen,
    onReturn: probe.onReturn,
    async [Symbol.asyncDispose]() {
      probe[Symbol.dispose]();
      listeners.clear();
      subscriber.disconnect();
      publisher.disconnect();
    },
  };
}

/** Also while a connection is not ready yet: it may go silent while it is being made. */
function reconnect(connection: Redis): void {
  if (connection.status === 'ready' || connection.status === 'connect') connection.disconnect(true);
}

/**
 * graphql-redis-subscriptions ends the process when a SUBSCRIBE fails, so this reports no failure
 * to it.
 */
function reportingSuccessOnly(subscriber: Redis, log: Log): Redis {
  const subscribe = (channel: string, done: () => void) =>
    subscriber.subscribe(channel).then(
      () => done(),
      (error: Error) =>
        log.warn(
          { channel, error: error.message },
          'Redis refuses the subscription to its channel. The user of REDIS_URL needs access to channels (ACL: &causerie:*)',
        ),
    );
  return Object.assign(Object.create(subscriber), { subscribe }) as Redis;
}
