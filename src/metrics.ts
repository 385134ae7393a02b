import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * The Prometheus metrics of one node. Each node has its own registry, so that several nodes fit in
 * one process.
 */
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
  const seconds = <Label extends string = never>(
    name: string,
    help: string,
    labelNames: Label[] = [],
  ) =>
    new Histogram({
      name: `causerie_${name}_seconds`,
      help,
      labelNames,
      registers,
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    });
  collectDefaultMetrics({ register: registry });
  const collectors: (() => unknown)[] = [];
  return {
    registry,
    /** Runs before each collection, which waits for it. */
    onCollect: (collect: () => unknown) => void collectors.push(collect),
    /** All metrics in the format of Prometheus. */
    async text(): Promise<string> {
      await Promise.all(collectors.map((collect) => collect()));
      return registry.metrics();
    },
    operationDuration: seconds(
      'operation_duration',
      'Time of queries and mutations, by the name in their document, including the wait for their turn. Names beyond those of the SDK and 100 others count as `other`.',
      ['operation', 'type', 'outcome'],
    ),
    databaseUp: gauge(
      'database_up',
      '1 if the database answered within a second at this collection.',
    ),
    databaseConnections: gauge(
      'database_connections',
      'Open connections to the database: busy or idle.',
      ['state'],
    ),
    databaseWaiting: gauge('database_waiting', 'Callers that wait for a database connection.'),
    databaseWait: seconds('database_wait', 'Time until a caller has a database connection.'),
    backlog: gauge(
      'backlog',
      'Work that waits in the database, the same on all nodes, up to 10,000: messages whose notifications are due (follow_ups), announcements, events whose webhook fails (webhooks), pushes, and deleted files whose bytes are left (files).',
      ['of'],
    ),
    retries: counter(
      'retries_total',
      'Retries after a failure of the database: of sends, events for subscribers (live), and work in the background.',
      ['of'],
    ),
    maintenanceBatches: counter(
      'maintenance_batches_total',
      'Batches of maintenance that this node ran, by task and outcome: done or failed.',
      ['task', 'outcome'],
    ),
    maintenanceFinished: gauge(
      'maintenance_finished_timestamp_seconds',
      'When this node last found nothing more to do for a task, in seconds since 1970.',
      ['task'],
    ),
    rateFallbacks: counter(
      'rate_fallbacks_total',
      'Actions that this node counted alone, with half of the rate, because Redis did not answer.',
    ),
    presenceFallbacks: counter(
      'presence_fallbacks_total',
      'Changes of connected users that other nodes received over the bus only, because Redis refused to store them.',
    ),
    connections: gauge('connections', 'Open connections: WebSockets and event streams.'),
    liveOperations: gauge(
      'live_operations',
      'Different subscriptions on this node: document, variables and audience. Many subscribers share one.',
    ),
    subscribers: gauge('subscribers', 'Open subscriptions of clients on this node.'),
    feeds: gauge('feeds', 'Topics with subscribers on this node.'),
    sends: counter('sends_total', 'Sends, by outcome.', ['outcome']),
    sendDuration: seconds(
      'send_duration',
      'Time from the arrival of a send until the message is stored.',
    ),
    eventsReceived: counter('events_heard_total', 'Events that reached a feed, by source.', [
      'source',
    ]),
    eventsReplayed: counter(
      'events_replayed_total',
      'Events delivered by replay, to subscribers that resumed or fell behind.',
    ),
    turnsWaiting: gauge(
      'turns_waiting',
      'Tasks that wait for their turn: operations, page reads, starts of subscriptions, replays of missed events, passwords, images, uses of the store of files, and questions to the message gate.',
      ['for'],
    ),
    holesRepaired: counter(
      'holes_repaired_total',
      'Times a feed read the log because an event was missing.',
    ),
    feedBreaks: counter(
      'feed_breaks_total',
      'Times the subscribers of a topic were reset, because the log was trimmed or has another history.',
    ),
    logReads: counter('log_reads_total', 'Queries of the event log.'),
    executions: counter('executions_total', 'Executions of an event for a live operation.'),
    deliveries: counter('deliveries_total', 'Events delivered to subscribers.'),
    slowReaders: counter(
      'slow_readers_total',
      'Clients that read too slowly, by outcome: switched to replay, closed, or evicted.',
      ['outcome'],
    ),
    webhookDeliveries: counter(
      'webhook_deliveries_total',
      'Requests to webhooks, by outcome: delivered, failed, or given up after three days.',
      ['outcome'],
    ),
    webhooksFailing: gauge(
      'webhooks_failing',
      'Webhooks whose deliveries fail, on the node that delivers.',
    ),
    gateDecisions: counter(
      'gate_decisions_total',
      'Questions to the message gate about messages and edits, by outcome: allow, rewrite, refuse, or failed.',
      ['outcome'],
    ),
    gateDuration: seconds('gate_duration', 'Time until the message gate answered.'),
    gateAway: gauge('gate_away', '1 while the message gate is down and not asked.'),
    pushes: counter(
      'pushes_total',
      'Pushes, by outcome: sent, failed (they are retried), refused by the push service, gone with the subscription, offered to the application, or dropped because nothing was left to push.',
      ['outcome'],
    ),
    refusals: counter('refusals_total', 'Refused operations, by error code.', ['code']),
    budgetHeld: gauge('budget_held', 'The amount of each budget that clients hold.', ['budget']),
    budgetExceeded: counter(
      'budget_exceeded_total',
      'Times a budget was exhausted: the limit of one holder, or the total of all.',
      ['budget', 'limit'],
    ),
    busLag: seconds('bus_lag', 'Round trip of a probe through the bus.'),
    onlineUsers: gauge('online_users', 'Online users on all nodes.'),
    redisWritable: gauge(
      'redis_writable',
      '1 while Redis stores the users of this node; 0 while it refuses: it is full, a replica, or denies access.',
    ),
    redisFault: gauge(
      'redis_fault',
      '1 for each reason why Redis does not serve this node now: such as a wrong password or a full memory. The log says what to do.',
      ['fault'],
    ),
    busUp: gauge('bus_up', '1 while the bus to other nodes works.'),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
