import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { followAppEvents } from '../support/app-events.ts';
import { person } from '../support/person.ts';
import { startProgram } from '../support/program.ts';
import { createRoom } from '../support/rooms.ts';
import { createDatabase, describeWithServers, redisUrl } from '../support/servers.ts';
import { send } from '../support/send-and-follow.ts';
import { service } from '../support/service.ts';
import type { TestNode } from '../support/start-node.ts';

const JWT_SECRET = 'a secret that only this test knows, 32+ characters';

describeWithServers('appEvents, when nodes are killed', () => {
  it('[P16] has every event once and in order on all nodes, also when the node that numbers is killed', async () => {
    const settings = {
      DATABASE_URL: await createDatabase(),
      REDIS_URL: redisUrl!,
      JWT_SECRET,
      RATE_LIMITS: 'off',
    };
    const asNode = (url: string) =>
      ({ url, wsUrl: url.replace('http', 'ws'), settings: { JWT_SECRET } }) as never as TestNode;
    const first = await startProgram(settings);
    await using second = await startProgram(settings);
    const { token } = await service(asNode(first.url), ['events']);
    await using ann = await person(asNode(second.url), 'ann');
    const rooms = await Promise.all(
      ['A', 'B', 'C'].map((name) => createRoom(ann, { name: `Room ${name}` })),
    );
    const isLive = ({ events }: ReturnType<typeof followAppEvents>) => events.length > 0;
    // The first node numbers, because it is the first with a subscriber.
    let alive = first.wsUrl;
    const moving = followAppEvents(() => alive, token);
    await moving.until(() => isLive(moving));
    await delay(500);
    const staying = followAppEvents(second.wsUrl, token);
    await staying.until(() => isLive(staying));

    let isSending = true;
    let sent = 0;
    const sending = Promise.all(
      rooms.map(async ({ id }) => {
        while (isSending) {
          await send(ann, id, `${++sent}`);
          await delay(5);
        }
      }),
    );
    await staying.count(100);
    alive = second.wsUrl;
    first.process.kill('SIGKILL');
    await first.ended;
    const before = sent;
    await expect.poll(() => sent, { timeout: 30_000 }).toBeGreaterThan(before + 300);
    isSending = false;
    await sending;

    const messagesOf = ({ events }: typeof staying) =>
      events.filter(({ type }) => type === 'MessageSent');
    for (const received of [staying, moving]) {
      await received.until(() => messagesOf(received).length >= sent);
      for (const { id } of rooms) {
        const ofRoom = messagesOf(received).filter(({ conversationId }) => conversationId === id);
        expect(ofRoom.map(({ event }) => event.message.seq)).toEqual(
          ofRoom.map((_, nth) => nth + 1),
        );
      }
      expect(messagesOf(received)).toHaveLength(sent);
      expect(received.ending).toBeUndefined();
      received.stop();
    }
    const cursors = (received: typeof staying) => messagesOf(received).map(({ cursor }) => cursor);
    expect(cursors(moving)).toEqual(cursors(staying));
  }, 120_000);
});
