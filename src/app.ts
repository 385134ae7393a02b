import { createAuthenticator } from './chat/people/authenticator.ts';
import { rateTable } from './chat/policy/allowances.ts';
import { startChat } from './chat/start-chat.ts';
import { openCluster } from './cluster/cluster.ts';
import type { Config } from './config.ts';
import { openDatabase } from './db/database.ts';
import { cursorsOf } from './events/cursor.ts';
import { openEventLog } from './events/event-log.ts';
import { accessTopic } from './events/topics.ts';
import { createDocuments } from './graphql/documents.ts';
import { createExecution } from './graphql/execution.ts';
import { openFeeds } from './live/feeds.ts';
import { createLiveBudget } from './live/live-budget.ts';
import { createLiveOperations } from './live/live-operations.ts';
import { openSignals } from './live/signals.ts';
import type { Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import { schema } from './schema.ts';
import { createConnections } from './server/connections.ts';
import { createGraphQLHandler } from './server/graphql-http.ts';
import { createProtocol } from './server/graphql-ws.ts';
import { createHealthHandlers } from './server/health.ts';
import { createHttpServer, listen } from './server/http.ts';
import { createOutboxes } from './server/outboxes.ts';
import { createWebHandlers } from './server/web.ts';
import { createSockets } from './server/websocket.ts';

export interface App {
  /** Where it listens. */
  readonly url: string;
  /** What it stands on, to tell the person who started it. */
  readonly description: { readonly database: string; readonly bus: string };
  /** Takes nobody new, lets what runs finish, asks the others to go elsewhere, and lets go of everything. */
  close(): Promise<void>;
}

/** One node: everything it is made of, in order, and let go of in reverse. Several fit in one process. Throws StartError. */
export async function startApp(config: Config, log: Log): Promise<App> {
  const closers: (() => unknown)[] = [];
  const closeAll = async () => {
    for (const close of closers.toReversed()) await close();
  };
  try {
    const metrics = createMetrics();
    const database = await openDatabase(config, log);
    closers.push(() => database[Symbol.asyncDispose]());
    const cluster = await openCluster(
      config,
      database.instance,
      rateTable(config.limits),
      log,
      metrics,
    );
    closers.push(() => cluster[Symbol.asyncDispose]());
    const { headCheckMs, replayMax } = config.limits;
    const feeds = openFeeds({
      bus: cluster.bus,
      eventLog: openEventLog(database),
      log,
      metrics,
      headCheckMs,
    });
    closers.push(() => feeds[Symbol.asyncDispose]());
    const signals = openSignals(cluster.bus);
    closers.push(() => signals[Symbol.dispose]());

    const chat = await startChat({
      config,
      log,
      metrics,
      database,
      rates: cluster.rates,
      cursors: cursorsOf(database.id),
      publish: feeds.publish,
      watch: feeds.watch,
      signals,
      presence: cluster.presence,
      signingKey: new TextEncoder().encode(config.JWT_SECRET ?? database.keptSecret),
    });
    closers.push(() => chat[Symbol.asyncDispose]());
    const { node } = chat;

    const authenticator = createAuthenticator(node);
    const connections = createConnections(config.limits, cluster.presence, metrics);
    const access = await feeds.open(accessTopic);
    access.listen((fresh) => {
      // Of another history nobody has heard who may still come in: what is held open is asked again.
      if (fresh.length === 0) {
        authenticator
          .load()
          .catch((error: Error) =>
            log.warn({ error: error.message }, 'the sessions that ended could not be read'),
          );
        void connections.drain(config.limits.drainMs);
      }
      for (const { event } of fresh) {
        if (event.type === 'SessionEnded') {
          authenticator.sessionEnded(event.data.sessionId);
          connections.endSession(event.data.sessionId);
        } else if (event.type === 'UserRemoved') {
          authenticator.userRemoved(event.data.userId);
          connections.endUser(event.data.userId);
        } else if (event.type === 'DeskChanged') {
          authenticator.roleChanged(event.data.userId);
          connections.renewUser(event.data.userId);
        }
      }
    });
    await authenticator.load();

    const outboxes = createOutboxes(config.limits, config.UNSENT_MAX_MB * 2 ** 20, metrics);
    closers.push(() => outboxes.stop());
    const documents = createDocuments(schema, config.limits, {
      isRated: config.RATE_LIMITS === 'on',
    });
    const liveOperations = createLiveOperations({
      feeds,
      cursors: node.cursors,
      budget: createLiveBudget(config.limits, metrics),
      metrics,
      replayMax,
    });
    const execution = createExecution({ schema, documents, liveOperations, node });
    const state = { isDraining: false };
    const sockets = createSockets({
      node,
      authenticator,
      connections,
      outboxes,
      protocol: createProtocol({ node, execution, documents, connections }),
      isAccepting: () => !state.isDraining,
    });
    closers.push(sockets.end);
    const server = createHttpServer({
      log,
      metrics,
      upgrades: { '/graphql': sockets.upgrade },
      handlers: {
        '/graphql': createGraphQLHandler({
          node,
          schema,
          documents,
          execution,
          authenticator,
          connections,
          outboxes,
        }),
        ...createHealthHandlers({ database, ...cluster, metrics, log, state }),
        ...(await createWebHandlers()),
      },
    });
    outboxes.watch(server);
    const url = await listen(server, config.HOST, config.PORT);
    closers.push(async () => {
      state.isDraining = true;
      const closed = new Promise((resolve) => server.close(resolve));
      await connections.drain(config.limits.drainMs);
      server.closeIdleConnections();
      // Who leaves the close unanswered is not waited for.
      const patience = setTimeout(() => {
        sockets.end();
        server.closeAllConnections();
      }, 1000);
      await closed;
      clearTimeout(patience);
    });
    return {
      url,
      description: { database: database.description, bus: cluster.description },
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
