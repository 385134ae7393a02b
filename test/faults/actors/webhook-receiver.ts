import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { SignJWT } from 'jose';
import pg from 'pg';
import { checkApplication, type ExpectedLogs } from '../checker/application.ts';
import { createDeliveries, type Deliveries } from '../checker/deliveries.ts';
import type { LogEntry } from '../checker/history.ts';
import type { Access } from '../cluster/users.ts';
import { request } from '../cluster/request.ts';
import { readLog } from '../observations.ts';
import type { Random } from '../random.ts';
import type { Room, Run } from './run.ts';

/** A server of the application that receives the events of all conversations by a webhook. */
export interface WebhookReceiver extends AsyncDisposable {
  /** Events that arrived, and requests that repeated one. */
  readonly counts: { readonly events: number; readonly repeats: number };
  /** Creates the webhook. Call it while nothing happens. */
  begin(): Promise<void>;
  /** Stops refusing, waits until everything has arrived, and compares that with the logs. */
  settle(): Promise<void>;
}

interface Options {
  readonly run: Run;
  readonly access: Access;
  readonly databaseUrl: string;
  readonly rooms: readonly Room[];
  readonly random: Random;
}

/** Each pause after a failure is at least 5 s, and half as long again as the one before. */
const settleMs = 90_000;
const refusedShare = 0.004;
const lostAnswerShare = 0.004;
const awayMs = 2000;
const hereMs = [8_000, 15_000] as const;

export function createWebhookReceiver({
  run,
  access,
  databaseUrl,
  rooms,
  random,
}: Options): WebhookReceiver {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  pool.on('error', () => {});
  const starts = new Map<string, number>();
  const stopping = new AbortController();
  let deliveries: Deliveries | undefined;
  let webhookId: string;
  let isHealthy = false;

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.destroy());
  });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    if (!isHealthy && random.chance(refusedShare)) return void response.writeHead(500).end();
    const headers = incoming.headers as Record<string, string>;
    const violation = deliveries?.receive(headers, Buffer.concat(chunks).toString());
    if (violation) run.violate(violation.rule, violation.detail);
    // Stored, and the answer is lost: the event comes again.
    if (!isHealthy && random.chance(lostAnswerShare)) return void response.destroy();
    response.writeHead(204).end();
  }

  const listen = async (port = 0): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };

  /** Goes away and comes back, until it stops. */
  async function comeAndGo(port: number): Promise<void> {
    const pause = (ms: number) => delay(ms, undefined, stopping).catch(() => {});
    while (!stopping.signal.aborted) {
      await pause(random.between(...hereMs));
      if (stopping.signal.aborted) return;
      await close();
      await pause(awayMs);
      await listen(port);
    }
  }
  let going: Promise<void> | undefined;

  const readLogs = async (): Promise<ExpectedLogs> => {
    const logs = new Map<string, LogEntry[]>();
    for (const { id } of rooms) logs.set(id, await readLog(pool, id, starts.get(id) ?? 0));
    return logs;
  };

  async function ask(query: string, variables: object): Promise<any> {
    const token = await new SignJWT({ scope: 'webhooks' })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('application')
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(access.secret));
    return request(access.url, token, query, { ...variables });
  }

  return {
    get counts() {
      return { events: deliveries?.observed.length ?? 0, repeats: deliveries?.repeats ?? 0 };
    },
    async begin() {
      const port = await listen();
      const { createWebhook } = await ask(
        'mutation ($url: String!) { createWebhook(input: { url: $url }) { secret webhook { id } } }',
        { url: `http://127.0.0.1:${port}/` },
      );
      deliveries = createDeliveries(createWebhook.secret);
      webhookId = createWebhook.webhook.id;
      for (const { id } of rooms) starts.set(id, (await readLog(pool, id)).length);
      going = comeAndGo(port);
    },
    async settle() {
      isHealthy = true;
      stopping.abort();
      await going;
      const giveUpAt = Date.now() + settleMs;
      const check = (logs: ExpectedLogs, isSettled: boolean) =>
        checkApplication(deliveries!.observed, logs, isSettled, 'webhook');
      for (;;) {
        const logs = await readLogs();
        const violations = check(logs, true);
        if (violations.length === 0) break;
        if (Date.now() > giveUpAt || check(logs, false).length > 0) {
          for (const { rule, detail } of violations.slice(0, 10)) run.violate(rule, detail);
          break;
        }
        await delay(200);
      }
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await going;
      await ask('mutation ($id: ID!) { deleteWebhook(input: { webhookId: $id }) { ok } }', {
        id: webhookId,
      });
      await close();
      await pool.end();
    },
  };
}
