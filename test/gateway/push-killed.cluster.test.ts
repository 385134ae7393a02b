import { expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { startProgram } from '../support/program.ts';
import { startPushService } from '../support/push-service.ts';
import { browserOf } from '../support/pushing.ts';
import { sendPrivate } from '../support/private.ts';
import { createDatabase, describeWithServers, redisUrl } from '../support/servers.ts';
import type { TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

const JWT_SECRET = 'a secret that only this test knows, 32+ characters';

describeWithServers('pushes, when a node is killed', () => {
  it('are not lost, and those that may be repeated have the same topic', async () => {
    const settings = {
      DATABASE_URL: await createDatabase(),
      REDIS_URL: redisUrl!,
      JWT_SECRET,
      RATE_LIMITS: 'off',
      PUSH_ALLOW_PRIVATE: 'on',
    };
    const asNode = (url: string) =>
      ({ url, wsUrl: url.replace('http', 'ws'), settings: { JWT_SECRET } }) as never as TestNode;
    await using service = await startPushService();
    const first = await startProgram(settings);
    await using ann = await person(asNode(first.url), 'ann');
    await using bob = await person(asNode(first.url), 'bob');
    const browser = await browserOf(bob, service);
    // The node is killed while it waits for these answers.
    service.answerWith(() => new Promise(() => {}));
    const texts = Array.from({ length: 12 }, (_, nth) => `text ${nth}`);
    for (const text of texts) await sendPrivate(ann, bob, text);
    await until('requests are on their way', () => service.received.length >= 8);
    first.process.kill('SIGKILL');
    await first.ended;
    service.answerWith(() => 201);
    await using _second = await startProgram(settings);
    const arrived = () => new Set(browser.pushes().map(({ message }) => message));
    await until('all arrive', () => texts.every((text) => arrived().has(text)), 90_000);
    expect(browser.pushes()).toHaveLength(texts.length);
    const topics = new Set(service.received.map(({ headers }) => headers.topic));
    expect(topics.size).toBe(texts.length);
    expect(service.received.length).toBeGreaterThan(texts.length);
  }, 200_000);
});
