import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/errors.ts';
import { deepText } from '../fuzz/operations.ts';
import { talk } from '../fuzz/clients.ts';
import { person, type Person } from '../support/person.ts';
import { guest } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

let node: TestNode;
let ann: Person;

beforeAll(async () => {
  node = await startNode({ settings: { ADMIN_USERNAMES: 'ann' } });
  ann = await person(node, 'ann');
});

afterAll(async () => {
  await ann[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
});

const viewer = JSON.stringify({ query: '{ viewer { id } }' });
const notify = 'mutation ($input: NotifyInput!) { notify(input: $input) { recipientCount } }';
const notifyWith = (data: string) =>
  `{"query":${JSON.stringify(notify)},"variables":{"input":{"userIds":["${ann.id}"],"type":"a","title":"a","message":"a","data":${data}}}}`;

interface Refused {
  readonly status: number;
  readonly code: string;
}

async function refusalOf(path: string, init: RequestInit): Promise<Refused> {
  const response = await fetch(node.url + path, {
    ...init,
    headers: { authorization: `Bearer ${ann.token}`, ...init.headers },
  });
  // As JSON, or as the first result of a stream.
  const json = /\{.*\}/s.exec((await response.text()).split('\n\nevent: complete')[0]!)![0];
  const { errors } = JSON.parse(json) as {
    errors: { message: string; extensions: { code: string } }[];
  };
  expect(errorCodes).toContain(errors[0]!.extensions.code);
  expect(JSON.stringify(errors)).not.toMatch(/originalError|\.[jt]s:\d/);
  return { status: response.status, code: errors[0]!.extensions.code };
}

const post = (body: string, type = 'application/json', more: Record<string, string> = {}) =>
  refusalOf('', { method: 'POST', body, headers: { 'content-type': type, ...more } });
const get = (parameters: Record<string, string>) =>
  refusalOf(`?${new URLSearchParams(parameters)}`, { headers: { accept: 'application/json' } });

describe('a request that a page of another site could send', () => {
  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'query=mutation'],
    ['a form with files', 'multipart/form-data; boundary=a', '--a--'],
    ['plain text', 'text/plain', viewer],
    ['plain text with a charset', 'text/plain;charset=UTF-8', viewer],
    ['a document alone', 'application/graphql', '{ viewer { id } }'],
    ['JSON in a list of types', 'text/plain, application/json', viewer],
    ['JSON of another charset', 'application/json; charset=utf-16', viewer],
    ['no type', '', viewer],
  ])('[P13] is refused: %s', async (_what, type, body) => {
    expect(await post(body, type)).toEqual({ status: 415, code: 'BAD_USER_INPUT' });
  });

  it.each([
    'application/json',
    'Application/JSON; charset=UTF-8',
    'application/json;charset="utf-8"',
  ])('is accepted with the content type %s', async (type) => {
    const response = await fetch(node.url, {
      method: 'POST',
      body: viewer,
      headers: { 'content-type': type },
    });
    expect(await response.json()).toEqual({ data: { viewer: null } });
  });
});

describe('[P12] [P13] a fault of the client is refused with a code of the list', () => {
  it.each<[string, number, string, () => Promise<Refused>]>([
    ['broken JSON', 400, 'BAD_USER_INPUT', () => post('{"query":')],
    ['no object', 400, 'BAD_USER_INPUT', () => post('1')],
    ['null', 400, 'BAD_USER_INPUT', () => post('null')],
    ['a batch', 400, 'BAD_USER_INPUT', () => post(`[${viewer},${viewer}]`)],
    ['no document', 200, 'BAD_USER_INPUT', () => post('{}')],
    ['a document that is no text', 400, 'BAD_USER_INPUT', () => post('{"query":[]}')],
    [
      'an unknown parameter',
      400,
      'BAD_USER_INPUT',
      () => post('{"query":"{ viewer { id } }","a":1}'),
    ],
    [
      'a name that is no operation',
      400,
      'BAD_USER_INPUT',
      () => post('{"query":"{ viewer { id } }","operationName":"a"}'),
    ],
    [
      'operations without a name',
      400,
      'BAD_USER_INPUT',
      () => post('{"query":"query a { viewer { id } } query b { viewer { id } }"}'),
    ],
    [
      'a body that is too long',
      413,
      'TOO_COMPLEX',
      () => post(JSON.stringify({ query: ' '.repeat(70_000) })),
    ],
    [
      'an answer in another format',
      406,
      'BAD_USER_INPUT',
      () => post(viewer, undefined, { accept: 'text/csv' }),
    ],
    [
      'a subscription without a stream',
      406,
      'BAD_USER_INPUT',
      () =>
        post('{"query":"subscription { lobby { __typename } }"}', undefined, {
          accept: 'application/json',
        }),
    ],
    [
      'broken JSON in GET variables',
      400,
      'BAD_USER_INPUT',
      () => get({ query: '{ viewer { id } }', variables: '{' }),
    ],
    [
      'broken JSON in GET extensions',
      400,
      'BAD_USER_INPUT',
      () => get({ query: '{ viewer { id } }', extensions: '{' }),
    ],
    [
      'a mutation with GET',
      405,
      'BAD_USER_INPUT',
      () => get({ query: 'mutation { signOut { __typename } }' }),
    ],
    [
      'another method',
      405,
      'BAD_USER_INPUT',
      () =>
        refusalOf('', {
          method: 'PUT',
          body: viewer,
          headers: { 'content-type': 'application/json' },
        }),
    ],
    [
      'variables 5,000 levels deep',
      200,
      'BAD_USER_INPUT',
      () => post(`{"query":"{ viewer { id } }","variables":{"a":${deepText(5000)}}}`),
    ],
    ['data 9,000 levels deep', 200, 'BAD_USER_INPUT', () => post(notifyWith(deepText(9000, '{')))],
    [
      'data with half a surrogate pair',
      200,
      'BAD_USER_INPUT',
      () => post(notifyWith('{"a":"\\ud800"}')),
    ],
    [
      'data with half a surrogate pair in a key',
      200,
      'BAD_USER_INPUT',
      () => post(notifyWith('{"\\ud800":1}')),
    ],
    ...[
      ['an ID', 'query ($text: ID) { user(id: $text) { id } }'],
      ['an argument', 'query ($text: String) { users(search: $text) { edges { cursor } } }'],
      [
        'a body',
        'mutation ($text: String!) { sendMessage(input: { conversationId: "", body: $text }) { duplicate } }',
      ],
      [
        'a password',
        'mutation ($text: String!) { deleteMyAccount(input: { password: $text }) { ok } }',
      ],
    ].map(([what, query]): [string, number, string, () => Promise<Refused>] => [
      `${what} with half a surrogate pair`,
      200,
      'BAD_USER_INPUT',
      () => post(JSON.stringify({ query, variables: { text: 'half \ud800' } })),
    ]),
    [
      'a literal 400 levels deep',
      200,
      'GRAPHQL_VALIDATION_FAILED',
      () =>
        post(
          JSON.stringify({
            query: `mutation { notify(input: { userIds: [], type: "a", title: "a", message: "a", data: ${'{a:'.repeat(400)}1${'}'.repeat(400)} }) { recipientCount } }`,
          }),
        ),
    ],
    [
      'a document 20,000 levels deep',
      200,
      'TOO_COMPLEX',
      () => post(JSON.stringify({ query: '{a'.repeat(20_000) })),
    ],
    ...[1, true, {}, [], 'x'.repeat(2000)].map(
      (after): [string, number, string, () => Promise<Refused>] => [
        `a cursor that is ${JSON.stringify(after).slice(0, 20)}`,
        200,
        'BAD_USER_INPUT',
        () =>
          post(
            JSON.stringify({
              query:
                'subscription ($after: Cursor) { privateMessages(after: $after) { __typename } }',
              variables: { after },
            }),
            undefined,
            { accept: 'text/event-stream' },
          ),
      ],
    ),
  ])('%s', async (_what, status, code, ask) => {
    expect(await ask()).toEqual({ status, code });
  });
});

describe('an invalid message on a socket', () => {
  const init = '{"type":"connection_init"}';
  const subscription = (id: string, query = '{ viewer { id } }') =>
    JSON.stringify({ id, type: 'subscribe', payload: { query } });

  it.each<[string, number, (string | Buffer)[]]>([
    ['connection_ack', 4400, [init, '{"type":"connection_ack"}']],
    ['next', 4400, [init, '{"id":"a","type":"next","payload":{}}']],
    ['error', 4400, [init, '{"id":"a","type":"error","payload":[]}']],
    ['an unknown type', 4400, [init, '{"type":"hello"}']],
    ['a type of the prototype', 4400, [init, '{"type":"__proto__"}']],
    ['no type', 4400, [init, '{}']],
    ['a list', 4400, [init, '[]']],
    ['null', 4400, [init, 'null']],
    ['broken JSON', 4400, [init, '{']],
    ['bytes', 4400, [init, Buffer.from(init)]],
    ['a payload that cannot be shown', 4400, [init, '{"type":"ping","payload":[{"toString":1}]}']],
    ['a payload 10,000 levels deep', 4400, [init, `{"type":"ping","payload":${deepText(10_000)}}`]],
    ['no id', 4400, [init, '{"type":"subscribe","payload":{"query":"{ viewer { id } }"}}']],
    ['an id that is too long', 4400, [init, subscription('x'.repeat(129))]],
  ])('[P13] closes it with a code of the client: %s', async (_what, code, messages) => {
    expect(await talk(node.wsUrl, messages, 1000)).toMatchObject({ code });
  });

  it('[P13] closes it with a code of the client: an id in use that is too long for a reason', async () => {
    const { token } = await guest(node, 'Gus');
    const signIn = JSON.stringify({
      type: 'connection_init',
      payload: { authorization: `Bearer ${token}` },
    });
    const twice = Array.from({ length: 2 }, () =>
      subscription('🙂'.repeat(64), 'subscription { lobby { __typename } }'),
    );
    expect(await talk(node.wsUrl, [signIn, ...twice], 1000)).toMatchObject({ code: 4409 });
  });
});
