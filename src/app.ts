import { selectsTypes } from './chat/backends/app-events.ts';
import {
  webhookDocument,
  webhookRequestOf,
  webhookScope,
} from './chat/backends/webhook-payload.ts';
import { createAuthenticator } from './chat/people/authenticator.ts';
import { rateTable } from './chat/policy/allowances.ts';
import { decidePush } from './chat/push/push-decision.ts';
import { startChat } from './chat/start-chat.ts';
import { openCluster } from './cluster/cluster.ts';
import type { Config } from './config.ts';
import { openDatabase } from './db/database.ts';
import { cursorsOf } from './events/cursor.ts';
import { openEventLog } from './events/event-log.ts';
import { createSequencer } from './events/sequencer.ts';
import { accessTopic, applicationTopic } from './events/topics.ts';
import { startPushes } from './gateway/push-deliveries.ts';
import { loadPushKeys } from './gateway/push-keys.ts';
import { createShowEvent } from './graphql/show-event.ts';
import { startWebhooks } from './gateway/webhook-deliveries.ts';
import { createDocuments } from './graphql/documents.ts';
import { readTrustedDocuments } from './graphql/trusted-documents.ts';
import { createExecution } from './graphql/execution.ts';
import { openFeeds } from './live/feeds.ts';
import { createLiveBudget } from './live/live-budget.ts';
import { createLiveOperations } from './live/live-operations.ts';
import { createReplayTurns } from './live/replay-turns.ts';
import { openBroadcasts } from './live/broadcasts.ts';
import { openSignals } from './live/signals.ts';
import type { Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import { schema } from './schema.ts';
import { openAdminPort } from './server/admin-port.ts';
import { createConnections } from './server/connections.ts';
import { drain } from './server/drain.ts';
import { createExportHandlers } from './server/exports.ts';
import { createFileHandlers } from './server/files.ts';
import { followAccess } from './server/follow-access.ts';
import { createGraphQLHandler } from './server/graphql-http.ts';
import { createProtocol } from './server/graphql-ws.ts';
import { createHealthHandlers } from './server/health.ts';
import { createHttpServer, listen } from './server/http.ts';
import { createOriginRefusals } from './server/origins.ts';
import { createOutboxes } from './server/outboxes.ts';
import { createWebHandlers } from './server/web.ts';
import { createRelief } from './server/relief.ts';
import { createSockets } from './server/websocket.ts';
import { openFileStores } from './storage/file-stores.ts';

export interface App {
  /** The address of the server, with its port. */
  readonly url: string;
  /** The address of the metrics and the health, if they have a port of their own. */
  readonly adminUrl: string | undefined;
  /** The database and the bus in use, for the log. */
  readonly description: { readonly database: string; readonly bus: string };
  /**
   * Accepts no new connections, lets running operations finish, asks clients to reconnect to
   * another node, and disposes of everything.
   */
  close(): Promise<void>;
}

/**
 * Starts one node: creates its parts in order, and disposes of them in reverse, also if a later
 * part fails to start. Several nodes fit in one process. Throws StartError.
 */
export async function startApp(config: Config, log: Log): Promise<App> {
  const disposals: (() => unknown)[] = [];
  const onClose = (dispose: () => unknown) => disposals.push(dispose);
  async function close(): Promise<void> {
    for (const dispose of disposals.toReversed()) await dispose();
  }
  try {
    return { ...(await startParts(config, log, onClose)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** `onClose` registers the disposal of a part, as soon as the part exists. */
async function startParts(
  config: Config,
  log: Log,
  onClose: (dispose: () => unknown) => void,
): Promise<Omit<App, 'close'>> {
  const { limits } = config;
  const metrics = createMetrics();

  const database = await openDatabase(config, log, metrics);
  onClose(() => database[Symbol.asyncDispose]());

  const rates = rateTable(config);
  const cluster = await openCluster(config, database.instance, rates, log, metrics);
  onClose(() => cluster[Symbol.asyncDispose]());

  const eventLog = openEventLog(database);
  const feeds = openFeeds({
    bus: cluster.bus,
    eventLog,
    log,
    metrics,
    headCheckMs: limits.headCheckMs,
  });
  onClose(() => feeds[Symbol.asyncDispose]());

  const sequencer = createSequencer({
    database,
    eventLog,
    publish: feeds.publish,
    watch: feeds.watch,
    isSubscribed: () => feeds.has(applicationTopic),
    log,
    retentionDays: config.EVENT_RETENTION_DAYS,
    leaseMs: limits.leaseMs,
    compareMs: limits.sequencerCompareMs,
  });
  onClose(() => sequencer[Symbol.asyncDispose]());

  const signals = openSignals(cluster.bus);
  onClose(() => signals[Symbol.dispose]());

  const broadcasts = openBroadcasts(cluster.bus);
  onClose(() => broadcasts[Symbol.dispose]());

  const fileStores = openFileStores(config);
  onClose(() => fileStores[Symbol.asyncDispose]());
  const pushKeys = await loadPushKeys(config, database);

  const chat = await startChat({
    config,
    log,
    metrics,
    database,
    rates: cluster.rates,
    cursors: cursorsOf(database.id),
    publish: feeds.publish,
    watch: feeds.watch,
    sequencer,
    signals,
    broadcasts,
    presence: cluster.presence,
    fileStores,
    signingKey: new TextEncoder().encode(config.JWT_SECRET ?? database.keptSecret),
    pushPublicKey: pushKeys.publicKey,
  });
  onClose(() => chat[Symbol.asyncDispose]());
  const { node } = chat;

  const documents = createDocuments(schema, limits, {
    isRated: config.RATE_LIMITS === 'on',
    trusted: readTrustedDocuments(config.TRUSTED_DOCUMENTS),
  });
  for (const fault of documents.faultyTrusted())
    log.warn({ fault }, 'a trusted document does not fit the schema');
  const liveOperations = createLiveOperations({
    feeds,
    cursors: node.cursors,
    budget: createLiveBudget(limits, metrics),
    replayTurns: createReplayTurns(limits, metrics),
    metrics,
    replayMax: limits.replayMax,
  });
  const execution = createExecution({ schema, documents, liveOperations, node });

  const showEvent = createShowEvent(schema, webhookDocument, () => webhookScope(node));
  const stopWebhooks = startWebhooks({
    node,
    selects: (types, event) => selectsTypes(types)?.(event) ?? true,
    present: async (event) => webhookRequestOf(event, await showEvent(event), node.cursors),
  });
  onClose(stopWebhooks);
  onClose(startPushes({ node, keys: pushKeys, decide: (push) => decidePush(node, push) }));

  const authenticator = createAuthenticator(node);
  const relief = createRelief(cluster.bus);
  const connections = createConnections(limits, cluster.presence, relief, metrics);
  const access = await feeds.open(accessTopic);
  followAccess({ access, authenticator, connections, drainMs: limits.drainMs, log });
  await authenticator.load();

  const outboxes = createOutboxes(limits, config.UNSENT_MAX_MB * 2 ** 20, metrics);
  onClose(() => outboxes.stop());

  const state = { isDraining: false, isAccepting: true };
  const explainOrigin = createOriginRefusals(log);
  const sockets = createSockets({
    node,
    explainOrigin,
    authenticator,
    connections,
    outboxes,
    protocol: createProtocol({ node, schema, execution, documents, connections }),
    isAccepting: () => state.isAccepting,
  });
  onClose(sockets.end);

  const health = createHealthHandlers({
    database,
    ...cluster,
    messageGate: node.services.messageGate,
    metrics,
    log,
    state,
  });
  const admin = await openAdminPort(health, config, { log, metrics });
  // After the drain, which it reports.
  onClose(admin.close);

  const server = createHttpServer({
    log,
    metrics,
    upgrades: { '/graphql': sockets.upgrade },
    folders: createFileHandlers({ node, authenticator, outboxes }),
    handlers: {
      '/graphql': createGraphQLHandler({
        node,
        explainOrigin,
        schema,
        documents,
        execution,
        authenticator,
        connections,
        outboxes,
      }),
      ...(admin.url === undefined && health),
      ...createExportHandlers({ node, authenticator, outboxes }),
      ...(await createWebHandlers(config)),
    },
  });
  outboxes.watch(server);

  const url = await listen(server, { host: config.HOST, port: config.PORT });
  onClose(() =>
    drain({
      server,
      connections,
      // A node alone has nobody who could take its clients.
      leadMs: config.REDIS_URL ? limits.drainLeadMs : 0,
      drainMs: limits.drainMs,
      begin() {
        state.isDraining = true;
        relief.request();
      },
      stopAccepting: () => void (state.isAccepting = false),
      endSockets: sockets.end,
    }),
  );

  return {
    url,
    adminUrl: admin.url,
    description: { database: database.description, bus: cluster.description },
  };
}
