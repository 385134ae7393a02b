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

/** All senders send for a while. Returns the number of sends, and the CPU time of each in ms. */
async function sendAll({ server, load }: Stand, rooms: readonly string[], forMs: number) {
  const before = server.cpuMs();
  const { count } = await load.run('sendAll', { rooms, forMs });
  return { count, cpuMs: (server.cpuMs() - before) / count };
}

/** The cost of a send, with what serves followers and without it. */
export async function unfollowed({ site, rounds, isQuick, log }: Bench): Promise<Row[]> {
  log('sends while nobody follows appEvents');
  await using whole = await openStand(site, 'causerie');
  await using without = await openStand(site, 'causerie', { preload: withoutFollowers });
  const stands = [whole, without];
  for (const stand of stands) await stand.connectSenders(senderCount);
  const [ours, theirs] = await inTurn(
    rounds,
    stands,
    async (stand) => (await sendAll(stand, site.seed.rooms, isQuick ? 1500 : 3000)).cpuMs,
  );
  return [
    rowOf(
      'a send while nobody follows appEvents',
      '× without appEvents',
      { causerie: ours!.map((ms, round) => ms / theirs![round]!) },
      ({ value }) => [atMost('≤ 1.03', value, 1.03)],
    ),
  ];
}

/** One backend follows everything, under the full load of sends. */
export async function appEvents({ site, rounds, isQuick, log }: Bench): Promise<Row[]> {
  log('appEvents under full load');
  await using stand = await openStand(site, 'causerie');
  await stand.connectSenders(senderCount);
  const { token } = await backendOf(stand.server);
  let received = 0;
  let isLive = false;
  const client = createClient({
    url: stand.server.wsUrl,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  const stop = client.subscribe<any>(
    {
      query:
        'subscription { appEvents(types: ["MessageSent"]) { cursor type event { ... on MessageSent { message { id body author { id } } } } } }',
    },
    {
      next({ data }) {
        if (data.appEvents.type === 'CaughtUp') isLive = true;
        else received++;
      },
      error(error) {
        throw error;
      },
      complete() {},
    },
  );
  await reached(() => isLive);
  const [runs] = await inTurn(rounds, [stand], async () => {
    received = 0;
    const startedAt = performance.now();
    const { count, cpuMs } = await sendAll(stand, site.seed.rooms, isQuick ? 1500 : 3000);
    const sentAt = performance.now();
    await reached(() => received >= count);
    return {
      sends: (count * 1000) / (sentAt - startedAt),
      received: (count * 1000) / (performance.now() - startedAt),
      behindMs: performance.now() - sentAt,
      cpuMs,
    };
  });
  stop();
  await client.dispose();
  const of = (figure: 'sends' | 'received' | 'behindMs' | 'cpuMs') => ({
    causerie: runs!.map((run) => run[figure]),
  });
  return [
    rowOf('sends while one backend follows appEvents', 'a second', of('sends')),
    rowOf(
      'events that a backend receives by appEvents',
      'a second',
      of('received'),
      ({ value }) => [atLeast('≥ 5,000', value, 5000)],
    ),
    rowOf('appEvents, behind the last send', 'ms', of('behindMs')),
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
