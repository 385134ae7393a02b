import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../faults/random.ts';
import { person, query, type Person } from '../support/person.ts';
import { leftOver, populationOf, type Population } from '../support/population.ts';
import { createRoom } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';
import { faultsInAnswer, faultsOnSocket } from './checker.ts';
import { exchangeBytes, talk } from './clients.ts';
import { mutate } from './mutate.ts';
import { makeOperation, type Known, type Operation } from './operations.ts';

/** Set SEED to repeat a run, and FUZZ to make it so many times as long. */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32));
const length = Number(process.env.FUZZ ?? 1);
const atOnce = 16;
/**
 * How long an answer may take: to a whole request, and to one that the server may wait for the rest
 * of.
 */
const wholeMs = 10_000;
const brokenMs = 150;

let node: TestNode;
let ann: Person;
let bob: Person;
let known: Known;
let before: Population;
const logged: string[] = [];
const log = pino({ level: 'error', base: undefined }, { write: (line) => void logged.push(line) });

beforeAll(async () => {
  node = await startNode({
    settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'ann' },
    limits: { leaveGraceMs: 100, headCheckMs: 200 },
    log,
  });
  ann = await person(node, 'ann');
  bob = await person(node, 'bob');
  const room = await createRoom(ann, { name: 'Quay' });
  const message = await send(ann, room.id, 'Hello @bob');
  const { room: page } = await ann.query(
    '{ room(name: "Quay") { messages(last: 1) { pageInfo { endCursor } edges { cursor } } } }',
  );
  known = {
    ID: [room.id, message.id, ann.id, bob.id],
    Cursor: [page.messages.edges[0].cursor],
    after: [page.messages.edges[0].cursor],
    conversationId: [room.id],
    roomId: [room.id],
    messageId: [message.id],
    userId: [ann.id, bob.id],
    username: ['ann', 'bob'],
    token: [ann.token],
    emoji: ['👍'],
    seq: [0, 1],
    upToSeq: [0, 1],
  };
  before = await populationOf(node.url);
});

afterAll(() => node[Symbol.asyncDispose]());

const httpRequest = (body: string, more: readonly string[] = [], target = '/graphql'): string =>
  [
    `POST ${target} HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/json',
    'Accept: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...more,
    '',
    // Each character is one byte of the data.
    Buffer.from(body).toString('latin1'),
  ].join('\r\n');

const authorization = (random: Random) =>
  `Authorization: Bearer ${random.pick([ann, ann, bob]).token}`;
const operationOf = (random: Random): Operation =>
  makeOperation(random, known, random.pick(['query', 'mutation', 'mutation', 'subscription']));
const subscribe = (payload: object, id = 'a') => JSON.stringify({ id, type: 'subscribe', payload });
const init = () =>
  JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${ann.token}` } });
const getOf = (random: Random, { query: text, variables }: Operation): string =>
  `GET /graphql?${new URLSearchParams({ query: text, variables: JSON.stringify(variables) })} HTTP/1.1\r\nHost: localhost\r\n${authorization(random)}\r\nAccept: text/event-stream\r\nConnection: close\r\n\r\n`;
const upgrade =
  'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n';

type Attempt = (random: Random) => Promise<{ input: unknown; faults: string[] }>;

/** Runs `count` cases, some at once. Counts each kind of fault, with one example. */
async function findFaults(
  count: number,
  name: string,
  attempt: Attempt,
): Promise<Record<string, unknown>> {
  const random = createRandom(seed).fork(name);
  const found: Record<string, unknown> = {};
  let left = Math.ceil(count * length);
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) {
        const { input, faults } = await attempt(random);
        for (const fault of faults) found[fault] ??= input;
      }
    }),
  );
  return found;
}

const overHttp =
  (url: () => string, quietMs: number, make: (random: Random) => string): Attempt =>
  async (random) => {
    const input = make(random);
    return { input, faults: faultsInAnswer(await exchangeBytes(url(), input, quietMs)) };
  };

const overSocket = (make: (random: Random) => (string | Buffer)[]) => async (random: Random) => {
  const input = make(random);
  const { messages, code } = await talk(node.wsUrl, input);
  return { input: input.map(String), faults: faultsOnSocket(messages, code) };
};

const toNode = () => node.url;

describe(`random requests of a client (SEED=${seed})`, () => {
  it.each<[string, number, Attempt]>([
    [
      'operations over HTTP',
      600,
      overHttp(toNode, wholeMs, (random) =>
        httpRequest(JSON.stringify(operationOf(random)), [authorization(random)]),
      ),
    ],
    [
      'damaged requests',
      600,
      overHttp(toNode, brokenMs, (random) =>
        mutate(
          random,
          random.pick([
            () => httpRequest(JSON.stringify(operationOf(random)), [authorization(random)]),
            () => getOf(random, operationOf(random)),
            () => upgrade,
            () => 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
          ])(),
        ),
      ),
    ],
    [
      'damaged bodies',
      400,
      overHttp(toNode, wholeMs, (random) =>
        httpRequest(mutate(random, JSON.stringify(operationOf(random))), [authorization(random)]),
      ),
    ],
    [
      'damaged documents',
      300,
      overHttp(toNode, wholeMs, (random) => {
        const { query: text, variables } = operationOf(random);
        return httpRequest(JSON.stringify({ query: mutate(random, text), variables }), [
          authorization(random),
        ]);
      }),
    ],
    [
      'operations over a socket',
      80,
      overSocket((random) => [
        init(),
        ...Array.from({ length: 10 }, (_, count) => subscribe(operationOf(random), `${count}`)),
      ]),
    ],
    [
      'damaged messages',
      150,
      overSocket((random) => {
        const messages = [
          init(),
          subscribe(operationOf(random)),
          random.pick([
            '{"type":"ping"}',
            '{"type":"pong","payload":{}}',
            '{"id":"a","type":"complete"}',
            '{"type":"connection_ack"}',
            '{"id":"a","type":"next","payload":{}}',
            subscribe(operationOf(random)),
          ]),
        ];
        const at = Math.floor(random.between(0, messages.length));
        return messages.with(at, mutate(random, messages[at]!));
      }),
    ],
    [
      'damaged frames',
      100,
      async (random) => {
        const frame = Array.from({ length: 20 }, () =>
          String.fromCharCode(random.between(0, 256)),
        ).join('');
        const input = upgrade + (random.chance(0.5) ? '\x81' : '') + frame;
        const answer = await exchangeBytes(node.url, input, brokenMs);
        return { input, faults: answer.includes('\x11\x94') ? ['closed with 4500'] : [] };
      },
    ],
  ])(
    '[P12] [P13] is answered with a code of the list: %s',
    async (name, count, attempt) => {
      expect(await findFaults(count, name, attempt)).toEqual({});
      expect(logged).toEqual([]);
      expect(await leftOver(node.url, before)).toEqual({});
      await expect(query(node.url, '{ serverInfo { version } }')).resolves.toBeDefined();
    },
    120_000,
  );

  it('are found if the answer is a server error', async () => {
    // A server that does not check its input and reveals its exceptions.
    const careless = createServer((request, response) => {
      let body = '';
      request
        .on('data', (chunk) => (body += chunk))
        .on('end', () => {
          try {
            response.end(JSON.stringify({ data: JSON.parse(body) }));
          } catch (error) {
            response.writeHead(500).end((error as Error).stack);
          }
        });
    }).listen(0, '127.0.0.1');
    await once(careless, 'listening');
    const url = () => `http://127.0.0.1:${(careless.address() as AddressInfo).port}`;
    const found = await findFaults(
      100,
      'careless',
      overHttp(url, wholeMs, (random) =>
        httpRequest(mutate(random, JSON.stringify(operationOf(random)))),
      ),
    );
    careless.close();
    expect(Object.keys(found).toSorted()).toEqual(['a stack', 'status 500']);
    expect(
      faultsOnSocket(
        [
          '{"payload":[{"extensions":{"code":"BAD_REQUEST"}}]}',
          '{"extensions":{"a":1,"code":"INTERNAL"}}',
        ],
        4500,
      ),
    ).toEqual(['closed with 4500', 'code BAD_REQUEST', 'code INTERNAL']);
  });
});
