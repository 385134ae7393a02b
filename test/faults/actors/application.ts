import { setTimeout as delay } from 'node:timers/promises';
import { SignJWT } from 'jose';
import pg from 'pg';
import {
  checkApplication,
  type AppObservation,
  type ExpectedLogs,
} from '../checker/application.ts';
import type { LogEntry } from '../checker/history.ts';
import { connectStockClient } from '../cluster/stock-client.ts';
import type { User } from '../cluster/users.ts';
import { followFields, observationOf, readLog } from '../observations.ts';
import type { Random } from '../random.ts';
import type { Room, Run } from './run.ts';

/** The backend of the application, which follows the events of all conversations. */
export interface Application extends AsyncDisposable {
  readonly subscriptions: number;
  begin(): Promise<void>;
  /** Waits until it has received everything, and compares that with the logs. */
  settle(): Promise<void>;
}

interface Options {
  readonly run: Run;
  readonly databaseUrl: string;
  readonly secret: string;
  readonly rooms: readonly Room[];
  readonly random: Random;
}

const settleMs = 40_000;
const document = `subscription ($after: Cursor) { appEvents(after: $after) { cursor type conversationId event { ${followFields} } } }`;

export function createApplication({
  run,
  databaseUrl,
  secret,
  rooms,
  random,
}: Options): Application {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  pool.on('error', () => {});
  const observed: AppObservation[] = [];
  const starts = new Map<string, number>();
  let caughtUp: (() => void) | undefined;
  let stop = () => {};
  let isEnded = false;
  const stockClient = connectStockClient(run.endpoints, signer(secret), random);
  let after: string | undefined;

  function follow(): void {
    stop = stockClient.client.subscribe<any>(
      { query: document, variables: { after } },
      {
        next({ data, errors }) {
          if (errors)
            return run.violate('error', `the application received ${JSON.stringify(errors)}`);
          receive(data.appEvents);
        },
        error: (ending) => void again(ending),
        complete: () => void again(undefined),
      },
    );
  }

  /** A node whose database is down refuses; a client subscribes again. */
  async function again(ending: unknown): Promise<void> {
    if (isEnded) return;
    const code = Array.isArray(ending) ? ending[0]?.extensions?.code : undefined;
    if (code !== 'UNAVAILABLE')
      run.violate('refusal', `the application was refused with ${JSON.stringify(ending)}`);
    await delay(300);
    if (!isEnded) follow();
  }

  function receive({ cursor, type, conversationId, event }: any): void {
    after = cursor;
    if (type === 'CaughtUp') return caughtUp?.();
    if (type === 'StreamReset')
      return run.violate('application reset', `the application was reset: ${event.resetReason}`);
    const observation = observationOf(event);
    if (observation.type === 'event') observed.push({ conversationId, what: observation.what });
  }

  const readLogs = async (): Promise<ExpectedLogs> => {
    const logs = new Map<string, LogEntry[]>();
    for (const { id } of rooms) logs.set(id, await readLog(pool, id, starts.get(id) ?? 0));
    return logs;
  };

  return {
    subscriptions: 1,
    async begin() {
      const isLive = new Promise<void>((resolve) => (caughtUp = resolve));
      follow();
      await isLive;
      for (const { id } of rooms)
        starts.set(
          id,
          (await readLog(pool, id)).length -
            observed.filter(({ conversationId }) => conversationId === id).length,
        );
    },
    async settle() {
      const giveUpAt = Date.now() + settleMs;
      for (;;) {
        const logs = await readLogs();
        const violations = checkApplication(observed, logs, true);
        if (violations.length === 0) return;
        if (Date.now() > giveUpAt || checkApplication(observed, logs, false).length > 0) {
          for (const { rule, detail } of violations.slice(0, 10)) run.violate(rule, detail);
          return;
        }
        await delay(200);
      }
    },
    async [Symbol.asyncDispose]() {
      isEnded = true;
      stop();
      await stockClient[Symbol.asyncDispose]();
      await pool.end();
    },
  };
}

function signer(secret: string): User {
  const key = new TextEncoder().encode(secret);
  return {
    id: 'application',
    name: 'application',
    async sign() {
      const seconds = Math.ceil(Date.now() / 1000) + 3600;
      const token = await new SignJWT({ scope: 'events' })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject('application')
        .setExpirationTime(seconds)
        .sign(key);
      return { token, endsAt: seconds * 1000 };
    },
  };
}
