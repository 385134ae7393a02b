import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { bodiesFound, search } from '../support/messages.ts';
import { person } from '../support/person.ts';
import { postgresUrl } from '../support/servers.ts';
import { createRoom } from '../support/rooms.ts';
import { send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';
import { startNode } from '../support/start-node.ts';
import { describeSearch } from './search.suite.ts';

it.skipIf(!postgresUrl || process.env.TEST_EMBEDDED)(
  '[P12] a search that takes too long is refused with a solution',
  async () => {
    await using node = await startNode();
    const ann = await person(node, 'ann');
    const client = new pg.Client(node.settings.DATABASE_URL);
    await client.connect();
    await client.query('begin');
    await client.query('lock table messages in access exclusive mode');
    await expect(search(ann, 'anything')).rejects.toMatchObject({
      code: 'TOO_COMPLEX',
      message: expect.stringContaining('rarer'),
    });
    await client.end();
    expect(await bodiesFound(ann, 'anything')).toEqual([]);
  },
);

it.skipIf(!postgresUrl || process.env.TEST_EMBEDDED)(
  'finds messages of an earlier version after maintenance has indexed them',
  async () => {
    await using node = await startNode({
      settings: { RATE_LIMITS: 'off' },
      limits: { maintenanceMs: 500 },
    });
    const ann = await person(node, 'ann');
    const { id } = await createRoom(ann, { name: 'old' });
    await send(ann, id, 'read/write');
    const client = new pg.Client(node.settings.DATABASE_URL);
    await client.connect();
    await client.query('update messages set words = null');
    await client.end();
    await until('the message is found', async () => (await bodiesFound(ann, 'write')).length === 1);
  },
);

describe.skipIf(!postgresUrl)('searchMessages, PostgreSQL', () =>
  describeSearch({ isEmbedded: false }),
);
