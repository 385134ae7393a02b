import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What is seen of one node from outside. A registry of its own for each node, so that two fit in one process. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string = never>(
    name: string,
    help: string,
    labelNames: Label[] = [],
  ) => new Counter({ name: `causerie_${name}`, help, labelNames, registers });
  const gauge = <Label extends string = never>(
    name: string,
    help: string,
    labelNames: Label[] = [],
  ) => new Gauge({ name: `causerie_${name}`, help, labelNames, registers });
  const seconds = (name: string, help: string) =>
    new Histogram({
      name: `causerie_${name}_seconds`,
      help,
      registers,
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    });
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    connections: gauge('connections', 'Open sockets.'),
    liveOperations: gauge(
      'live_operations',
      'Distinct subscriptions that run here; many subscribers share one.',
    ),
    subscribers: gauge('subscribers', 'Subscriptions that clients hold here.'),
    feeds: gauge('feeds', 'Topics that are followed here.'),
    sends: counter('sends_total', 'Messages sent, by outcome.', ['outcome']),
    sendDuration: seconds('send_duration', 'From the arrival of a send to its being stored.'),
    eventsHeard: counter(
      'events_heard_total',
      'Events that reached a feed, by the way they came.',
      ['source'],
    ),
    eventsReplayed: counter(
      'events_replayed_total',
      'Deliveries from the log to followers who resumed or lagged.',
    ),
    holesRepaired: counter(
      'holes_repaired_total',
      'Times a feed read the log because numbers were missing.',
    ),
    feedBreaks: counter(
      'feed_breaks_total',
      'Times the followers of a topic were reset, because the log was trimmed or has another history.',
    ),
    logReads: counter('log_reads_total', 'Reads of the event log.'),
    executions: counter('executions_total', 'Events executed for a live operation.'),
    deliveries: counter('deliveries_total', 'Events delivered to subscribers.'),
    slowReaders: counter('slow_readers_total', 'Readers that were switched to replay, or closed.', [
      'outcome',
    ]),
    refusals: counter('refusals_total', 'Refused operations, by code.', ['code']),
    budgetHeld: gauge('budget_held', 'What clients have taken of each budget and not given back.', [
      'budget',
    ]),
    budgetExceeded: counter(
      'budget_exceeded_total',
      'Times a limit of a budget was reached: the limit of one holder, or the total of all.',
      ['budget', 'limit'],
    ),
    busLag: seconds('bus_lag', 'How long a probe takes from this node through the bus and back.'),
    onlineUsers: gauge('online_users', 'Users who are online, at any node.'),
    redisWritable: gauge(
      'redis_writable',
      '1 while Redis stores who is connected here; 0 while it refuses to: full, a replica, not allowed.',
    ),
    busUp: gauge('bus_up', '1 while the bus carries messages.'),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
