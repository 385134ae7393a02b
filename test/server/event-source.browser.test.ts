import { expect, it } from 'vitest';
import { openContexts } from '../support/browser.ts';
import { openHarbour } from '../support/sdk.ts';
import { bodiesUpTo, send } from '../support/send-and-follow.ts';
import { describeWithChromium } from '../support/servers.ts';
import { until } from '../support/until.ts';

declare global {
  /** What the EventSource of the page has received. */
  var seen: { readonly types: string[]; readonly bodies: string[]; readonly ids: string[] };
}

const query = `subscription ($roomId: ID!) {
  roomMessages(roomId: $roomId) { __typename cursor ... on MessageSent { message { body } } }
}`;

describeWithChromium('the EventSource of a browser', () => {
  const openContext = openContexts();

  it('[P1] [P2] resumes after each interruption, without any code for it', async () => {
    await using harbour = await openHarbour();
    const { proxy, ann, roomId, url } = harbour;
    const page = await (await openContext()).newPage();
    await page.goto(new URL('/health/live', url).href);
    const source = new URL(url);
    source.search = new URLSearchParams({
      query,
      variables: JSON.stringify({ roomId }),
      access_token: ann.token,
    }).toString();
    await page.evaluate((address) => {
      const seen: typeof globalThis.seen = { types: [], bodies: [], ids: [] };
      globalThis.seen = seen;
      new EventSource(address).addEventListener('next', ({ data, lastEventId }) => {
        const event = JSON.parse(data).data.roomMessages;
        seen.types.push(event.__typename);
        seen.ids.push(`${lastEventId === event.cursor}`);
        if (event.message) seen.bodies.push(event.message.body);
      });
    }, source.href);
    const seen = () => page.evaluate(() => globalThis.seen);
    await until('it follows', async () => (await seen()).types.length > 0);
    const bodies = bodiesUpTo(9);
    for (const [index, body] of bodies.entries()) {
      if (index % 3 === 2) {
        await until('it has received the earlier ones', async () =>
          (await seen()).bodies.includes(bodies[index - 1]!),
        );
        proxy.cut();
      }
      await send(ann, roomId, body);
    }
    await until(
      'it has received everything',
      async () => (await seen()).bodies.length >= bodies.length,
    );
    const { types, ids, bodies: received } = await seen();
    expect(received).toEqual(bodies);
    expect(types).not.toContain('StreamReset');
    expect(types.filter((type) => type === 'CaughtUp')).toHaveLength(4);
    expect(new Set(ids)).toEqual(new Set(['true']));
  }, 120_000);
});
