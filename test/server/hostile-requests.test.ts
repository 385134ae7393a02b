import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/metrics.ts';
import { createHttpServer, listen } from '../../src/server/http.ts';
import { query } from '../support/person.ts';
import { exchange, isReleased } from '../support/raw-exchange.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

let node: TestNode;

beforeAll(async () => {
  node = await startNode();
});

afterAll(() => node[Symbol.asyncDispose]());

const asUpgrade =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n';

/** Target, header lines, and the status of the answer. */
const requests: [string, string[], number][] = [
  ['//', ['Host: a'], 404],
  ['//a', ['Host: a'], 404],
  ['///', ['Host: a'], 404],
  ['//[', ['Host: a'], 404],
  ['//:', ['Host: a'], 404],
  ['//a:b@c:99999', ['Host: a'], 404],
  ['/\\', ['Host: a'], 404],
  ['/%', ['Host: a'], 404],
  ['/%ff%', ['Host: a'], 404],
  ['/graphql/../..', ['Host: a'], 404],
  ['/__proto__', ['Host: a'], 404],
  ['/constructor', ['Host: a'], 404],
  ['http://[', ['Host: a'], 400],
  ['http://', ['Host: a'], 400],
  ['http://a:99999/', ['Host: a'], 400],
  ['ws://a/graphql', ['Host: a'], 400],
  ['http://a/nothing', ['Host: a'], 404],
  ['graphql', ['Host: a'], 400],
  ['*', ['Host: a'], 400],
  ['/graphql', [], 400],
  ['/graphql', ['Host:'], 400],
  ['/graphql', ['Host: ['], 400],
  ['/graphql', ['Host: ]'], 400],
  ['/graphql', ['Host: [::'], 400],
  ['/graphql', ['Host: a b'], 400],
  ['/graphql', ['Host: a:b'], 400],
  ['/graphql', ['Host: a:99999'], 400],
  ['/graphql', ['Host: a/b'], 400],
  ['/graphql', ['Host: a?b'], 400],
  ['/graphql', ['Host: a#b'], 400],
  ['/graphql', ['Host: a@b'], 400],
  ['/graphql', ['Host: %'], 400],
  ['/graphql', ['Host: <>'], 400],
  ['/graphql', ['Host: 1.2.3.4.5.6'], 400],
  ['/graphql', ['Host: \xff\xfe'], 400],
  ['/graphql', ['Host: a', 'Host: b'], 400],
];

describe.each([
  ['a request', ''],
  ['an upgrade', asUpgrade],
])('%s', (_kind, extra) => {
  it.each(requests)(
    '[P13] for %j with %j receives the status %i',
    async (target, lines, status) => {
      const head = [`GET ${target} HTTP/1.1`, ...lines, 'Connection: close'].slice(
        0,
        extra ? -1 : undefined,
      );
      const answer = await exchange(
        node.url,
        Buffer.from(`${head.join('\r\n')}\r\n${extra}\r\n`, 'latin1'),
      );
      answer.socket.destroy();
      expect(answer).toMatchObject({ status, ended: true });
      expect(answer.text).not.toMatch(/\n\s+at |\.[jt]s:|node_modules/);
      await expect(query(node.url, '{ serverInfo { version } }')).resolves.toBeDefined();
    },
  );
});

it.each([
  ['origin form', '/graphql'],
  ['absolute form', 'http://elsewhere:80/graphql'],
])('answers a target in %s', async (_form, target) => {
  const answer = await exchange(
    node.url,
    `GET ${target}?query=%7BserverInfo%7Bversion%7D%7D HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
  );
  answer.socket.destroy();
  expect(answer.status).toBe(200);
  expect(answer.text).toContain('"version"');
});

it.each([
  ['of HTTP/1.0 without Host', 'GET /health/live HTTP/1.0\r\n\r\n', 200],
  [
    'with an IPv6 host',
    'GET /health/live HTTP/1.1\r\nHost: [::1]:4000\r\nConnection: close\r\n\r\n',
    200,
  ],
  ['for the whole server', 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 404],
  ['for a tunnel', 'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n', 405],
  [
    'with an unknown expectation',
    'GET /health/live HTTP/1.1\r\nHost: a\r\nExpect: more\r\nConnection: close\r\n\r\n',
    417,
  ],
  ['with an unknown method', 'BREW / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['of another protocol', '\x16\x03\x01\x02\0', 400],
  [
    'with header lines that are too long',
    `GET / HTTP/1.1\r\nHost: a\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`,
    431,
  ],
  [
    'with two lengths',
    'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    400,
  ],
])('[P13] answers a request %s according to RFC 9112', async (_what, bytes, status) => {
  const answer = await exchange(node.url, Buffer.from(bytes, 'latin1'));
  answer.socket.destroy();
  expect(answer).toMatchObject({ status, ended: true });
});

it.each([
  ['a path without sockets', '/', 'Host: a', asUpgrade, 404],
  ['a malformed target', 'http://[', 'Host: a', asUpgrade, 400],
  ['an origin that is not allowed', '/graphql', 'Host: a\r\nOrigin: http://b', asUpgrade, 403],
  ['no key', '/graphql', 'Host: a', asUpgrade.replace(/Sec-WebSocket-Key.*\r\n/, ''), 400],
  ['another version', '/graphql', 'Host: a', asUpgrade.replace(': 13', ': 7'), 400],
  ['another protocol', '/graphql', 'Host: a', 'Connection: Upgrade\r\nUpgrade: other\r\n', 400],
  [
    'a malformed list of protocols',
    '/graphql',
    'Host: a',
    asUpgrade.replace('graphql-transport-ws', '@,'),
    400,
  ],
])(
  '[P13] frees the descriptor of a refused upgrade for %s although the client does not close',
  async (_why, target, lines, extra, status) => {
    const answer = await exchange(node.url, `GET ${target} HTTP/1.1\r\n${lines}\r\n${extra}\r\n`);
    expect(answer).toMatchObject({ status, ended: true });
    expect(await isReleased(answer)).toBe(true);
  },
);

it('control: an accepted upgrade stays open', async () => {
  const { status, ended, socket } = await exchange(
    node.url,
    `GET /graphql HTTP/1.1\r\nHost: a\r\n${asUpgrade}\r\n`,
    (text) => text.includes('\r\n\r\n'),
  );
  await delay(500);
  expect([status, ended, socket.readableEnded]).toEqual([101, false, false]);
  socket.destroy();
});

describe('a handler that fails', () => {
  const logged: any[] = [];
  const log = pino({ base: undefined }, { write: (line) => void logged.push(JSON.parse(line)) });
  const fault = () => {
    throw new Error('a secret at /some/path.ts:1');
  };
  const server = createHttpServer({
    log,
    metrics: createMetrics(),
    folders: {},
    handlers: {
      '/throws': fault,
      '/rejects': async () => fault(),
      '/half': (_request, response) => {
        response.write('half');
        setTimeout(() => response.destroyed || response.end('whole'), 500);
        fault();
      },
    },
    upgrades: { '/throws': fault },
  });
  let url: string;
  beforeAll(async () => (url = await listen(server, { host: '127.0.0.1', port: 0 })));
  afterAll(() => void server.close());

  it.each([
    ['throws', '/throws', ''],
    ['rejects', '/rejects', ''],
    ['throws at an upgrade', '/throws', asUpgrade],
  ])('[P12] [P13] and %s is masked, and logged under an id', async (_how, path, extra) => {
    logged.length = 0;
    const answer = await exchange(
      url,
      `GET ${path} HTTP/1.1\r\nHost: a\r\n${extra || 'Connection: close\r\n'}\r\n`,
    );
    expect(answer).toMatchObject({ status: 500, ended: true });
    expect(answer.text).not.toMatch(/secret|\.ts/);
    const { errors } = JSON.parse(
      answer.text.slice(answer.text.indexOf('{')).replace(/}[^}]*$/, '}'),
    );
    expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
    expect(logged).toMatchObject([
      {
        requestId: errors[0].extensions.requestId,
        err: { message: expect.stringContaining('secret') },
      },
    ]);
    expect(await isReleased(answer)).toBe(true);
  });

  it('[P13] and has sent half of its answer closes the connection', async () => {
    const answer = await exchange(
      url,
      'GET /half HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    answer.socket.destroy();
    expect(answer.ended).toBe(true);
    expect(answer.text).not.toMatch(/secret|\.ts|whole/);
  });
});
