import { getNamedType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { defaultLimits } from '../../src/limits.ts';
import { schema } from '../../src/schema.ts';
import { query } from '../support/person.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

/** The limits that settings change, with other values than the defaults. */
const settings = { attachmentMaxBytes: 7_654_321, attachmentQuotaBytes: 8_765_432_100 };
/** The other fields of `serverInfo.limits`, without names that are deprecated. */
const names = fieldsOf('Limits').filter(
  (name) => !(name in settings),
) as readonly (keyof typeof defaultLimits)[];

function fieldsOf(typeName: string): string[] {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} is not an object type.`);
  const fields = Object.values(type.getFields());
  for (const field of fields) expect(['Int', 'Float']).toContain(String(getNamedType(field.type)));
  return fields
    .filter(({ deprecationReason }) => deprecationReason === undefined)
    .map(({ name }) => name);
}

const limitsOf = async ({ url }: TestNode): Promise<Record<string, number>> =>
  (
    await query(
      url,
      `{ serverInfo { limits { ${[...names, ...Object.keys(settings)].join(' ')} } } }`,
    )
  ).serverInfo.limits;

let node: TestNode;
beforeAll(async () => {
  node = await startNode({ settings: { RATE_LIMITS: 'off' } });
});
afterAll(() => node[Symbol.asyncDispose]());

it('lists its version and time', async () => {
  const { serverInfo } = await query(node.url, '{ serverInfo { version time } }');
  expect(serverInfo.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(Math.abs(Date.parse(serverInfo.time) - Date.now())).toBeLessThan(30_000);
});

it('lists each limit with the value in force', async () => {
  expect(names.length).toBeGreaterThan(30);
  // All values differ from the defaults and from each other, so that no field can show another one.
  const limits = Object.fromEntries(
    names.map((name, index) => [name, defaultLimits[name] + index + 1]),
  );
  expect(new Set(Object.values(limits)).size).toBe(names.length);
  await using changed = await startNode({
    limits,
    settings: {
      ATTACHMENT_MAX_BYTES: String(settings.attachmentMaxBytes),
      ATTACHMENT_QUOTA_BYTES: String(settings.attachmentQuotaBytes),
    },
  });
  expect(await limitsOf(changed)).toEqual({ ...limits, ...settings });
  expect(await limitsOf(node)).toEqual({
    ...Object.fromEntries(names.map((name) => [name, defaultLimits[name]])),
    attachmentMaxBytes: 100 * 2 ** 20,
    attachmentQuotaBytes: 5 * 2 ** 30,
  });
});

describe('variablesMaxLevels', () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : { deeper: nested(levels - 1) });
  const ask = (levels: number) =>
    query(node.url, '{ serverInfo { version } }', nested(levels) as Record<string, unknown>);

  it('[P13] is the number of levels that are accepted', async () => {
    const { variablesMaxLevels } = await limitsOf(node);
    await expect(ask(variablesMaxLevels!)).resolves.toBeDefined();
    await expect(ask(variablesMaxLevels! + 1)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining(`${variablesMaxLevels} levels`),
    });
  });
});

describe('operationIdMaxCharacters', () => {
  /** The type of the answer to an operation with an id of this length, or the code of the close. */
  async function answerTo(characters: number): Promise<string | number> {
    const socket = new WebSocket(node.wsUrl, 'graphql-transport-ws');
    await new Promise((resolve) => socket.once('open', resolve));
    try {
      return await new Promise((resolve) => {
        socket.once('close', resolve);
        socket.on('message', (data) => {
          const { type } = JSON.parse(String(data));
          if (type === 'next') return resolve(type);
          const id = 'x'.repeat(characters);
          const payload = { query: '{ serverInfo { version } }' };
          if (type === 'connection_ack')
            socket.send(JSON.stringify({ id, type: 'subscribe', payload }));
        });
        socket.send(JSON.stringify({ type: 'connection_init' }));
      });
    } finally {
      socket.terminate();
    }
  }

  it('[P13] is the length of an id that is accepted', async () => {
    const { operationIdMaxCharacters } = await limitsOf(node);
    expect(await answerTo(operationIdMaxCharacters!)).toBe('next');
    expect(await answerTo(operationIdMaxCharacters! + 1)).toBe(4400);
  });
});
