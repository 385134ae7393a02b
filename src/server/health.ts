import type { RequestListener, ServerResponse } from 'node:http';
import type { Bus } from '../cluster/bus.ts';
import type { Presence } from '../cluster/presence.ts';
import type { Database } from '../db/database.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';

const databaseTimeoutMs = 1000;

interface Parts {
  readonly database: Database;
  readonly bus: Bus;
  readonly presence: Presence;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly state: { readonly isDraining: boolean };
}

/** What a supervisor asks: whether the process runs, whether to send it clients, and what it has done. */
export function createHealthHandlers({
  database,
  bus,
  presence,
  metrics,
  log,
  state,
}: Parts): Record<string, RequestListener> {
  let isDatabaseUp = true;
  /** The reason names hosts and addresses, so it goes into the log, once, and not to whoever asks. */
  const askDatabase = async (): Promise<boolean> => {
    const fault = await database.ping(databaseTimeoutMs).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (fault !== undefined && isDatabaseUp) log.warn({ fault }, 'the database is away');
    isDatabaseUp = fault === undefined;
    return isDatabaseUp;
  };
  return {
    '/health/live': (_request, response) => answer(response, 200, { status: 'ok' }),
    '/health/ready': async (_request, response) => {
      const hasDatabase = await askDatabase();
      // Without the bus a node hears of others' events from the log, late and complete [P4]: it goes on serving.
      const parts = {
        database: hasDatabase ? 'ok' : 'away',
        bus: bus.isUp ? 'ok' : 'away',
        presence: presence.isWritable ? 'ok' : 'unwritten',
        draining: state.isDraining,
      };
      const isWhole = bus.isUp && presence.isWritable;
      const isReady = hasDatabase && !state.isDraining;
      answer(response, isReady ? 200 : 503, {
        status: !isReady ? 'unavailable' : isWhole ? 'ok' : 'degraded',
        ...parts,
      });
    },
    '/metrics': async (_request, response) => {
      response
        .writeHead(200, { 'content-type': metrics.registry.contentType })
        .end(await metrics.registry.metrics());
    },
  };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
