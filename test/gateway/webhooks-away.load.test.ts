import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { expect, it } from 'vitest';
import type { Limits } from '../../src/limits.ts';
import { createDeliveries } from '../faults/checker/deliveries.ts';
import { person } from '../support/person.ts';
import { startProgram, type Program } from '../support/program.ts';
import { startReceiver } from '../support/receiver.ts';
import { createRoom } from '../support/rooms.ts';
import { createDatabase, describeWithServers, redisUrl } from '../support/servers.ts';
import { send } from '../support/send-and-follow.ts';
import { service } from '../support/service.ts';
import type { TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

const JWT_SECRET = 'a secret that only this test knows, 32+ characters';
/** A day takes 15 s. */
const dayMs = 15_000;
const shortened: Partial<Limits> = {
  webhookRetryMs: 20,
  webhookRetryMaxMs: dayMs / 24,
  // Also on a busy machine, where the day takes longer.
  webhookGiveUpMs: 60 * dayMs,
  webhookCheckMs: 200,
  drainMs: 50,
};

/** AWAY=10 makes it 100,000 events. */
const scale = Number(process.env.AWAY ?? 1);
const roomCount = 20;
const perRoom = 500 * scale;
const batches = 5;

/**
 * Stores messages as sends do, with their events, and without a request for each: number, tag and
 * predecessor's tag are those of one transaction.
 */
const sendMany = `
  with head as (
    update topics set head = head + $3::int, tag = tag # $4::int where id = 'conversation:' || $1 returning head, tag),
  numbered as (
    select nth, gen_random_uuid() as id, (select coalesce(max(seq), 0) from messages where conversation_id = $1::uuid) + nth as seq,
      head - $3::int + nth as event_seq, tag, case when nth = 1 then tag # $4::int else tag end as follows
    from generate_series(1, $3::int) as nth cross join head),
  stored as (
    insert into messages (id, conversation_id, seq, event_seq, author_id, body, mentioned_user_ids)
    select id, $1::uuid, seq, event_seq, $2::uuid, 'number ' || seq, '{}' from numbered),
  counted as (
    update conversations set last_seq = last_seq + $3::int where id = $1::uuid)
  insert into events (topic, seq, tag, follows, type, data)
  select 'conversation:' || $1, event_seq, tag, follows, 'MessageSent', jsonb_build_object('conversationId', $1, 'messageId', id) from numbered`;

describeWithServers('a webhook whose receiver is away for a day', () => {
  it(
    '[P16] receives every event afterwards, in the order of each conversation, although nodes are killed',
    async () => {
      const settings = {
        DATABASE_URL: await createDatabase(),
        REDIS_URL: redisUrl!,
        JWT_SECRET,
        RATE_LIMITS: 'off',
        WEBHOOKS_ALLOW_PRIVATE: 'on',
      };
      const database = new pg.Client(settings.DATABASE_URL);
      await database.connect();
      const nodes: Program[] = [];
      for (let nth = 0; nth < 2; nth++) nodes.push(await startProgram(settings, shortened));
      const asNode = ({ url, wsUrl }: Program) =>
        ({ url, wsUrl, settings: { JWT_SECRET } }) as never as TestNode;
      const restart = async (nth: number) => {
        nodes[nth]!.process.kill('SIGKILL');
        await nodes[nth]!.ended;
        nodes[nth] = await startProgram(settings, shortened);
      };

      await using receiver = await startReceiver();
      const backend = await service(asNode(nodes[0]!), ['webhooks']);
      const { webhook, secret } = await backend.mutate(
        'createWebhook',
        'CreateWebhookInput',
        { url: receiver.url, types: ['MessageSent'] },
        'secret webhook { id }',
      );
      const state = async () =>
        (
          await (
            await service(asNode(nodes[0]!), ['webhooks'])
          ).query(`{ webhook(id: "${webhook.id}") { status backlog } }`)
        ).webhook;
      const deliveries = createDeliveries(secret);
      receiver.answerWith(({ headers, text }) => {
        expect(deliveries.receive(headers as Record<string, string>, text)).toBeUndefined();
        return 204;
      });
      const ann = await person(asNode(nodes[0]!), 'ann');
      const rooms = [];
      for (let nth = 0; nth < roomCount; nth++)
        rooms.push(await createRoom(ann, { name: `Room ${nth}` }));
      await send(ann, rooms[0]!.id, 'the last before');
      await until('it arrives', () => deliveries.observed.length === 1);

      await receiver.close();
      const awayAt = Date.now();
      for (let batch = 0; batch < batches; batch++) {
        for (const { id } of rooms)
          await database.query(sendMany, [id, ann.id, perRoom / batches, 1000 + batch]);
        if (batch % 2 === 1) await restart((batch >> 1) % 2);
      }
      await delay(Math.max(0, dayMs - (Date.now() - awayAt)));
      expect(await state()).toMatchObject({ status: 'FAILING' });
      await until(
        'all events wait',
        async () => (await state()).backlog >= roomCount * perRoom,
        60_000 * scale,
      );
      expect(deliveries.observed).toHaveLength(1);

      await receiver.open();
      const whole = roomCount * perRoom + 1;
      for (const [nth, share] of [0.2, 0.6].entries()) {
        await until(
          'some arrive',
          () => deliveries.observed.length > share * whole,
          100_000 * scale,
        );
        await restart(nth % 2);
      }
      await until('all arrive', () => deliveries.observed.length >= whole, 100_000 * scale);
      const numbers = new Map<string, string[]>();
      for (const { conversationId, what } of deliveries.observed) {
        const known = numbers.get(conversationId) ?? [];
        numbers.set(conversationId, known);
        known.push(/^message (\d+) /.exec(what)![1]!);
      }
      for (const [nth, { id }] of rooms.entries())
        expect(numbers.get(id)).toEqual(
          Array.from({ length: perRoom + (nth === 0 ? 1 : 0) }, (_, index) => String(index + 1)),
        );
      await until('the state shows it', async () => (await state()).backlog === 0, 30_000);
      expect((await state()).status).toBe('ACTIVE');
      await ann[Symbol.asyncDispose]();
      await database.end();
      for (const node of nodes) await node[Symbol.asyncDispose]();
    },
    400_000 * scale,
  );
});
