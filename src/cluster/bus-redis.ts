import { randomUUID } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import type { Cluster } from 'ioredis';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { RedisUrl } from '../redis-url.ts';
import type { Bus } from './bus.ts';
import { startProbe } from './bus-probe.ts';
import { createHintListeners, type HintMessage } from './hint-listeners.ts';
import { connectRedis, isCluster, reconnect, type RedisConnection } from './redis-connection.ts';
import type { RedisFaults } from './redis-faults.ts';

interface Message {
  readonly from: string;
  readonly hint?: HintMessage;
  /** The time at which the sender sent it to itself, in ms of its process. */
  readonly probe?: number;
}

interface Parts {
  readonly url: RedisUrl;
  readonly prefix: string;
  readonly faults: RedisFaults;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Carries hints through one Redis channel. Every node subscribes to it once, when it starts: a
 * subscription made under load can miss the messages that arrive with its acknowledgement. One
 * channel is enough, because every node needs the hints of all topics. It keeps their order, and a
 * probe on it tests the path that hints take.
 */
export function openRedisBus({ url, prefix, faults, log, metrics }: Parts): Bus {
  const node = randomUUID();
  const channel = `${prefix}:hints`;
  const subscriber = connectRedis(url, 'patient');
  // Publishing never delays a mutation.
  const publisher = connectRedis(url, 'impatient');
  for (const connection of [subscriber, publisher]) faults.watch('bus', connection);
  const failed = (error: Error) => faults.failed('bus', error);
  const pubsub = new RedisPubSub({
    subscriber: reportingSuccessOnly(subscriber, failed),
    publisher: isCluster(publisher) ? inOrder(publisher) : publisher,
  });
  const listeners = createHintListeners();

  const send = (message: Message) => {
    // The head check repairs the loss of a hint.
    pubsub.publish(channel, message).catch(failed);
  };
  const probe = startProbe({
    send: (sentAt) => send({ from: node, probe: sentAt }),
    reconnect: () => [subscriber, publisher].forEach(reconnect),
    faults,
    log,
    metrics,
  });
  const receive = (message: Message | null) => {
    const isOwn = message?.from === node;
    if (message?.probe !== undefined && isOwn) probe.received(message.probe);
    if (message?.hint !== undefined && !isOwn) listeners.deliver(message.hint);
  };

  (subscriber as EventEmitter).once(
    'ready',
    () => void pubsub.subscribe(channel, receive).then(probe.sendNow),
  );
  (publisher as EventEmitter).on('ready', probe.sendNow);
  (subscriber as EventEmitter).on('close', () => probe.lost('the connection to Redis was lost'));

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

/**
 * graphql-redis-subscriptions ends the process when a SUBSCRIBE fails, so this reports no failure
 * to it, but tries again with the next connection. A connection that has subscribed once does so
 * again by itself.
 */
function reportingSuccessOnly(
  subscriber: RedisConnection,
  failed: (error: Error) => void,
): RedisConnection {
  function subscribe(channel: string, done: () => void): void {
    let isSubscribed = false;
    function succeed(): void {
      isSubscribed = true;
      done();
    }
    function attempt(): void {
      if (!isSubscribed) void subscriber.subscribe(channel).then(succeed, failed);
    }
    (subscriber as EventEmitter).on('ready', attempt);
    attempt();
  }
  return Object.assign(Object.create(subscriber), { subscribe }) as RedisConnection;
}

/**
 * A cluster passes a message on to all its members, whichever received it. Without a key, ioredis
 * chooses a member at random for each command, so messages could overtake each other. The name of
 * the channel as a key sends all of them through one member.
 */
function inOrder(publisher: Cluster): RedisConnection {
  publisher.defineCommand('publishInOrder', {
    numberOfKeys: 1,
    lua: "return redis.call('PUBLISH', KEYS[1], ARGV[1])",
  });
  const { publishInOrder } = publisher as unknown as { publishInOrder: Cluster['publish'] };
  const publish = publishInOrder.bind(publisher);
  return Object.assign(Object.create(publisher), { publish }) as RedisConnection;
}
