import { createAuthenticator } from './chat/accounts/authenticator.ts';
import { grantAdmins } from './chat/accounts/grant-admins.ts';
import { rateTable } from './chat/allowances.ts';
import { startMaintenance } from './chat/maintenance.ts';
import { announceOn } from './chat/notifications/announcements.ts';
import { startDeliveries } from './chat/notifications/deliveries.ts';
import { followUp } from './chat/notifications/follow-ups.ts';
import { keepLastSeen } from './chat/presence/last-seen.ts';
import { roomPresenceOf } from './chat/presence/room-presence.ts';
import { endTyping } from './chat/presence/typing.ts';
import { ensureDefaultRoom } from './chat/rooms/default-room.ts';
import { openCluster } from './cluster/cluster.ts';
import type { Config } from './config.ts';
import { openDatabase } from './db/database.ts';
import { cursorsOf } from './events/cursor.ts';
import { openEventLog } from './events/event-log.ts';
import { accessTopic } from './events/topics.ts';
import { createDocuments } from './graphql/documents.ts';
import { createExecution } from './graphql/execution.ts';
import { openFeeds } from './live/feeds.ts';
import { createLiveOperations } from './live/live-operations.ts';
import { openSignals } from './live/signals.ts';
import type { Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import { schema } from './schema.ts';
import type { Node } from './scope.ts';
import { createConnections } from './server/connections.ts';
import { createGraphQLHandler } from './server/graphql-http.ts';
import { createProtocol } from './server/graphql-ws.ts';
import { createHealthHandlers } from './server/health.ts';
import { createHttpServer, listen } from './server/http.ts';
import { createWebHandlers } from './server/web.ts';
import { acceptSockets } from './server/websocket.ts';

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

    const node: Node = {
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
    };
    await grantAdmins(node, config.ADMIN_USERNAMES);
    await ensureDefaultRoom(node);
    keepLastSeen(node);
    endTyping(node);
    closers.push(() => roomPresenceOf(node)[Symbol.dispose]());
    closers.push(startMaintenance(node));
    closers.push(startDeliveries(node, [followUp, announceOn]));

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

    const documents = createDocuments(schema, config.limits);
    const liveOperations = createLiveOperations({
      feeds,
      cursors: node.cursors,
      metrics,
      replayMax,
    });
    const execution = createExecution({ schema, documents, liveOperations, node });
    const state = { isDraining: false };
    const server = createHttpServer({
      '/graphql': createGraphQLHandler({
        node,
        schema,
        documents,
        execution,
        authenticator,
        connections,
      }),
      ...createHealthHandlers({ database, ...cluster, metrics, state }),
      ...(await createWebHandlers()),
    });
    const protocol = createProtocol({ node, execution, documents, connections });
    const endSockets = acceptSockets(server, {
      node,
      authenticator,
      connections,
      protocol,
      isAccepting: () => !state.isDraining,
    });
    closers.push(endSockets);
    const url = await listen(server, config.HOST, config.PORT);
    closers.push(async () => {
      state.isDraining = true;
      const closed = new Promise((resolve) => server.close(resolve));
      await connections.drain(config.limits.drainMs);
      server.closeIdleConnections();
      // Who leaves the close unanswered is not waited for.
      const patience = setTimeout(() => {
        endSockets();
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
