import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from '../../faults/random.ts';
import { readMetrics } from '../../faults/held.ts';
import { faultsInAnswer } from '../../fuzz/checker.ts';
import { exchangeBytes } from '../../fuzz/clients.ts';
import { mutate } from '../../fuzz/mutate.ts';
import { repeat, type Attack } from '../attack.ts';

const upgrade =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n';
const targets = [
  '//',
  '//[',
  '/\\',
  '/%',
  '*',
  'http://[',
  'ws://a/graphql',
  'graphql',
  '/graphql',
];
const hosts = ['a', '[', '[::', 'a b', 'a:b', '%', '<>', '\xff\xfe', ''];
const body = JSON.stringify({ query: '{ serverInfo { version } }' });
const whole = `POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;

/** Sends bytes that no client sends, and checks each answer. */
const malformed = (name: string, bound: string, bytesOf: (place: number) => string): Attack => ({
  name,
  bound,
  run: (site, tally, forMs) =>
    repeat({ count: 2000, atOnce: 16, forMs }, async (place) => {
      const answer = await exchangeBytes(site.url, bytesOf(place), 200);
      tally.count(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'no answer');
      for (const fault of faultsInAnswer(answer)) tally.breaks(fault);
    }),
});

const refusedAtOnce = 200;
/** The time that a client has to read a refusal, and some more. */
const refusalMs = 8000;

const keptOpen: Attack = {
  name: 'refused upgrades that the client keeps open',
  bound: 'the server closes each within 5 s',
  async run(site, tally) {
    const files = async () => (await readMetrics(site.node.url)).get('process_open_fds') ?? 0;
    const before = await files();
    const sockets = Array.from({ length: refusedAtOnce }, () => refused(site.url));
    for (const giveUpAt = Date.now() + refusalMs; Date.now() < giveUpAt; await delay(250))
      if (sockets.every(({ bytesRead }) => bytesRead > 0) && (await files()) < before + 20) break;
    for (const socket of sockets) tally.count(socket.bytesRead > 0 ? 'refused' : 'no answer');
    if ((await files()) >= before + 20) tally.breaks('refused upgrades kept their descriptors');
    for (const socket of sockets) socket.destroy();
  },
};

function refused(url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  socket.on('error', () => {}).resume();
  socket.write(`GET /nothing HTTP/1.1\r\nHost: a\r\n${upgrade}\r\n`);
  return socket;
}

export const requestAttacks: readonly Attack[] = [
  malformed(
    'malformed targets and hosts, of requests and upgrades',
    '400 or 404, no exception',
    (place) =>
      `GET ${targets[place % targets.length]} HTTP/1.1\r\nHost: ${hosts[Math.floor(place / targets.length) % hosts.length]}\r\n${place % 2 ? upgrade : 'Connection: close\r\n'}\r\n`,
  ),
  malformed('mutated requests', 'no exception, only codes of the list', (place) => {
    const random = createRandom(place);
    return mutate(
      random,
      random.chance(0.5) ? whole : `GET /graphql HTTP/1.1\r\nHost: a\r\n${upgrade}\r\n`,
    );
  }),
  keptOpen,
];
