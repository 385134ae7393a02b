import { expect, it } from 'vitest';
import { signBySecret } from '../support/notifications.ts';
import { query } from '../support/person.ts';
import { service } from '../support/service.ts';
import { postgresUrl } from '../support/servers.ts';
import { startNode } from '../support/start-node.ts';
import { describeBackendMessages } from './backend-messages.suite.ts';

describeBackendMessages({ isEmbedded: postgresUrl === undefined });

it('bots have ten times the rates of users', async () => {
  await using node = await startNode({ settings: { SERVICE_CALLS_PER_SECOND: '1000' } });
  const shop = await service(node);
  await shop.mutate(
    'upsertUsers',
    'UpsertUsersInput',
    { users: [{ externalId: 'bot', isBot: true }, { externalId: 'user' }] },
    'createdCount',
  );
  const joinedBy = async (sub: string): Promise<number> => {
    const token = await signBySecret(node, { sub });
    const { room } = await query(node.url, '{ room(name: "lobby") { id } }', {}, token);
    const sends = Array.from({ length: 60 }, () =>
      query(
        node.url,
        'mutation ($id: ID!) { sendMessage(input: { conversationId: $id, body: "x" }) { duplicate } }',
        { id: room.id },
        token,
      ).then(
        () => 1,
        () => 0,
      ),
    );
    return (await Promise.all(sends)).reduce<number>((sum, one) => sum + one, 0);
  };
  expect(await joinedBy('bot')).toBe(60);
  expect(await joinedBy('user')).toBeLessThan(40);
});
