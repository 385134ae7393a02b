import { expect, it } from 'vitest';
import { describeWithChromium } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { webClient } from './web-client.ts';

describeWithChromium('the web client of a server with TRUSTED_DOCUMENTS', () => {
  const web = webClient({ TRUSTED_DOCUMENTS: 'client' });

  it(
    'works, and sends ids of documents and no texts, over HTTP and over the socket',
    { timeout: 120_000 },
    async () => {
      const texts: string[] = [];
      let ids = 0;
      const note = (request: string, { query, documentId }: any) => {
        if (query) texts.push(`${request}: ${query}`);
        if (documentId) ids++;
      };
      const ann = await web.open();
      ann.page.on('request', (request) => {
        if (request.method() === 'POST' && request.url().endsWith('/graphql'))
          note('POST', request.postDataJSON());
      });
      ann.page.on('websocket', (socket) =>
        socket.on('framesent', ({ payload }) => {
          const { type, payload: content } = JSON.parse(String(payload));
          if (type === 'subscribe') note('subscribe', content);
        }),
      );
      await ann.signUp('ann');
      await ann.openRoom('lobby');
      await ann.say('By an id');
      const bob = await web.open();
      await bob.signUp('bob');
      await bob.openRoom('lobby');
      await until('the message is shown', async () =>
        (await bob.said()).some((text) => text.includes('By an id')),
      );
      await bob.say('Received');
      await until('the answer is shown', async () =>
        (await ann.said()).some((text) => text.includes('Received')),
      );
      expect(texts).toEqual([]);
      // Sign-up, the rooms, the room, the send, and the subscriptions.
      expect(ids).toBeGreaterThan(5);
    },
  );
});
