import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { startProgram } from '../support/program.ts';
import { startReceiver } from '../support/receiver.ts';
import { createRoom } from '../support/rooms.ts';
import { createDatabase, describeWithServers, redisUrl } from '../support/servers.ts';
import { send } from '../support/send-and-follow.ts';
import { service } from '../support/service.ts';
import type { TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

const JWT_SECRET = 'a secret that only this test knows, 32+ characters';

describeWithServers('webhooks, when nodes are killed', () => {
  it('[P16] everything arrives in the order of each conversation, although the node that delivers is killed, twice', async () => {
    const settings = {
      DATABASE_URL: await createDatabase(),
      REDIS_URL: redisUrl!,
      JWT_SECRET,
      RATE_LIMITS: 'off',
      WEBHOOKS_ALLOW_PRIVATE: 'on',
    };
    const asNode = (url: string) =>
      ({ url, wsUrl: url.replace('http', 'ws'), settings: { JWT_SECRET } }) as never as TestNode;
    await using receiver = await startReceiver();
    let first = await startProgram(settings);
    const backend = await service(asNode(first.url), ['webhooks']);
    await backend.mutate(
      'createWebhook',
      'CreateWebhookInput',
      { url: receiver.url, types: ['MessageSent'] },
      'webhook { id }',
    );
    await using second = await startProgram(settings);
    await using ann = await person(asNode(second.url), 'ann');
    const rooms = await Promise.all(
      ['A', 'B', 'C'].map((name) => createRoom(ann, { name: `Room ${name}` })),
    );
    let isSending = true;
    const sent = new Map(rooms.map(({ id }) => [id, 0]));
    const sending = Promise.all(
      rooms.map(async ({ id }) => {
        while (isSending) {
          await send(ann, id, 'x');
          sent.set(id, sent.get(id)! + 1);
          await delay(20);
        }
      }),
    );
    // Slow enough that requests are on their way when the node is killed.
    receiver.answerWith(async () => {
      await delay(10);
      return 204;
    });
    for (let kill = 0; kill < 2; kill++) {
      const before = receiver.accepted.length;
      await until('some arrive', () => receiver.accepted.length > before + 30);
      first.process.kill('SIGKILL');
      await first.ended;
      const at = receiver.accepted.length;
      await until('another node delivers', () => receiver.accepted.length > at + 30);
      first = await startProgram(settings);
    }
    isSending = false;
    await sending;
    const arrived = (conversationId: string) => {
      const ids = new Set<string>();
      return receiver.accepted
        .filter(
          ({ id, body }) =>
            body.data.conversationId === conversationId && !ids.has(id) && ids.add(id),
        )
        .map(({ body }) => body.data.message.seq as number);
    };
    await until('everything arrives', () =>
      rooms.every(({ id }) => arrived(id).length >= sent.get(id)!),
    );
    for (const { id } of rooms)
      expect(arrived(id)).toEqual(Array.from({ length: sent.get(id)! }, (_, nth) => nth + 1));
    await first[Symbol.asyncDispose]();
  }, 300_000);
});
