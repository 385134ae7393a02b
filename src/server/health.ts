import type { RequestListener, ServerResponse } from 'node:http';
import type { Bus } from '../cluster/bus.ts';
import type { Presence } from '../cluster/presence.ts';
import type { RedisFaults } from '../cluster/redis-faults.ts';
import type { Database } from '../db/database.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';

const databaseTimeoutMs = 1000;

interface Parts {
  readonly database: Database;
  readonly bus: Bus;
  readonly presence: Presence;
  /** Undefined without Redis. */
  readonly redisFaults: RedisFaults | undefined;
  /** Undefined if no application decides about messages. */
  readonly messageGate: { readonly isAway: boolean } | undefined;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly state: { readonly isDraining: boolean };
}

/** Liveness, readiness and metrics. */
export function createHealthHandlers({
  database,
  bus,
  presence,
  redisFaults,
  messageGate,
  metrics,
  log,
  state,
}: Parts): Record<string, RequestListener> {
  let isDatabaseUp = true;
  /** The reason contains host names, so it is logged, once, and not sent to the client. */
  const isDatabaseReachable = async (): Promise<boolean> => {
    const fault = await database.ping(databaseTimeoutMs).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (fault !== undefined && isDatabaseUp) log.warn({ fault }, 'the database is unavailable');
    isDatabaseUp = fault === undefined;
    return isDatabaseUp;
  };
  metrics.onCollect(async () => metrics.databaseUp.set((await isDatabaseReachable()) ? 1 : 0));
  return {
    '/health/live': (_request, response) => answer(response, 200, { status: 'ok' }),
    '/health/ready': async (_request, response) => {
      const hasDatabase = await isDatabaseReachable();
      // Without the bus a node still receives all events from the log, with a delay [P4]: it stays
      // ready.
      const parts = {
        database: hasDatabase ? 'ok' : 'away',
        bus: bus.isUp ? 'ok' : 'away',
        presence: presence.isWritable ? 'ok' : 'unwritten',
        ...(redisFaults && { redis: redisFaults.current ?? 'ok' }),
        ...(messageGate && { messageGate: messageGate.isAway ? 'away' : 'ok' }),
        draining: state.isDraining,
      };
      const isDegraded =
        !bus.isUp ||
        !presence.isWritable ||
        redisFaults?.current !== undefined ||
        messageGate?.isAway;
      const isReady = hasDatabase && !state.isDraining;
      const readyStatus = isDegraded ? 'degraded' : 'ok';
      answer(response, isReady ? 200 : 503, {
        status: isReady ? readyStatus : 'unavailable',
        ...parts,
      });
    },
    '/metrics': async (_request, response) => {
      response
        .writeHead(200, { 'content-type': metrics.registry.contentType })
        .end(await metrics.text());
    },
  };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
