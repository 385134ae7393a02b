import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { backendOf } from '../backend.ts';
import { inTurn, type Bench } from '../bench.ts';
import { atLeast, atMost, rowOf, type Row } from '../row.ts';
import { openStand, type Stand } from '../stand.ts';
import { withoutFollowers } from '../without-followers.ts';

const senderCount = 64;
const patienceMs = 60_000;

interface Sends {
  readonly count: number;
  /** The CPU time of all of them. */
  readonly cpuMs: number;
}

/** All senders send for a while. */
async function sendAll(
  { server, load }: Stand,
  rooms: readonly string[],
  forMs: number,
): Promise<Sends> {
  const before = server.cpuMs();
  const { count } = await load.run('sendAll', { rooms, forMs });
  return { count, cpuMs: server.cpuMs() - before };
}

/**
 * The order of short runs, by the index of the node. What drifts while they run, such as the load
 * of the machine and with it the size of batches, counts for both nodes alike.
 */
const alternating = [0, 1, 1, 0, 1, 0, 0, 1];
const runMs = 250;

/** The cost of a send, with the code that serves followers and without it. */
export async function unfollowed({ site, rounds, isQuick, log }: Bench): Promise<Row[]> {
  log('sends while nobody follows appEvents');
  await using whole = await openStand(site, 'causerie');
  await using without = await openStand(site, 'causerie', { preload: withoutFollowers });
  const stands = [whole, without];
  for (const stand of stands) await stand.connectSenders(senderCount);

  async function ratio(): Promise<number> {
    const costs = [0, 0];
    const counts = [0, 0];
    for (let repeats = 0; repeats < (isQuick ? 2 : 5); repeats++)
      for (const index of alternating) {
        const { count, cpuMs } = await sendAll(stands[index]!, site.seed.rooms, runMs);
        costs[index]! += cpuMs;
        counts[index]! += count;
      }
    return costs[0]! / counts[0]! / (costs[1]! / counts[1]!);
  }

  const [ratios] = await inTurn(rounds, [ratio], (measure) => measure());
  return [
    rowOf(
      'CPU of a send while nobody follows appEvents',
      '× without appEvents',
      { causerie: ratios! },
      ({ value }) => [atMost('≤ 1.03', value, 1.03)],
    ),
  ];
}

/** A backend that counts the messages that it receives by `appEvents`. */
function follow(stand: Stand, token: string, after?: string) {
  const state = { received: 0, isLive: false, cursor: '' };
  const client = createClient({
    url: stand.server.wsUrl,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  client.subscribe<any>(
    {
      query:
        'subscription ($after: Cursor) { appEvents(after: $after, types: ["MessageSent"]) { cursor type event { ... on MessageSent { message { id body author { id } } } } } }',
      variables: { after },
    },
    {
      next({ data: { appEvents: item } }) {
        state.cursor = item.cursor;
        if (item.type === 'CaughtUp') state.isLive = true;
        else state.received++;
      },
      error(error) {
        throw error;
      },
      complete() {},
    },
  );
  return { state, stop: () => client.dispose() };
}

/**
 * One backend follows everything under the full load of sends. Then another one begins before all
 * of these sends, and catches up.
 */
export async function appEvents({ site, rounds, isQuick, log }: Bench): Promise<Row[]> {
  log('appEvents under full load');
  await using stand = await openStand(site, 'causerie');
  await stand.connectSenders(senderCount);
  const { token } = await backendOf(stand.server);
  const live = follow(stand, token);
  await reached(() => live.state.isLive);
  const [runs] = await inTurn(rounds, [stand], async () => {
    const { cursor } = live.state;
    live.state.received = 0;
    const startedAt = performance.now();
    const { count, cpuMs } = await sendAll(stand, site.seed.rooms, isQuick ? 1500 : 3000);
    const sentAt = performance.now();
    await reached(() => live.state.received >= count);
    const receivedAt = performance.now();
    const cpuBefore = stand.server.cpuMs();
    const late = follow(stand, token, cursor);
    await reached(() => late.state.received >= count);
    const caughtUpMs = performance.now() - receivedAt;
    const caughtUpCpuMs = stand.server.cpuMs() - cpuBefore;
    await late.stop();
    return {
      sends: (count * 1000) / (sentAt - startedAt),
      received: (count * 1000) / (receivedAt - startedAt),
      behindMs: receivedAt - sentAt,
      cpuMs: cpuMs / count,
      caughtUp: (count * 1000) / caughtUpMs,
      caughtUpCpuMs: caughtUpCpuMs / count,
    };
  });
  await live.stop();
  const of = (figure: keyof (typeof runs & object)[number]) => ({
    causerie: runs!.map((run) => run[figure]),
  });
  return [
    rowOf(
      'stored events that a backend receives by appEvents',
      'a second',
      of('caughtUp'),
      ({ value }) => [atLeast('≥ 5,000', value, 5000)],
    ),
    rowOf('a stored event by appEvents', 'ms of CPU', of('caughtUpCpuMs')),
    rowOf('sends while one backend follows appEvents', 'a second', of('sends')),
    rowOf('events of these sends that it receives', 'a second', of('received')),
    rowOf('the backend, behind the last send', 'ms', of('behindMs')),
    rowOf('a send with its event in appEvents', 'ms of CPU', of('cpuMs')),
  ];
}

/** A webhook delivers what has gathered while it was paused. */
export async function webhooks({ site, rounds, isQuick, log }: Bench): Promise<Row[]> {
  log('a webhook');
  let received = 0;
  const receiver = createServer((request, response) => {
    request.resume().on('end', () => {
      received++;
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  await using stand = await openStand(site, 'causerie');
  await stand.connectSenders(senderCount);
  const backend = await backendOf(stand.server);
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const { webhook } = await backend.mutate(
    'createWebhook',
    { url, types: ['MessageSent'] },
    'webhook { id }',
  );
  const pause = (paused: boolean) =>
    backend.mutate('updateWebhook', { webhookId: webhook.id, paused }, 'webhook { status }');
  const [rates] = await inTurn(rounds, [stand], async () => {
    await pause(true);
    await delay(1500);
    received = 0;
    const { count } = await sendAll(stand, site.seed.rooms, isQuick ? 1000 : 2000);
    await pause(false);
    await reached(() => received > 0);
    const [startedAt, before] = [performance.now(), received];
    await reached(() => received >= count);
    return ((count - before) * 1000) / (performance.now() - startedAt);
  });
  await backend.ask('mutation ($id: ID!) { deleteWebhook(input: { webhookId: $id }) { ok } }', {
    id: webhook.id,
  });
  receiver.close();
  receiver.closeAllConnections();
  return [rowOf('webhooks to one receiver', 'a second', { causerie: rates! })];
}

async function reached(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('Not all events arrived.');
    await delay(5);
  }
}
