import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { password } from '../support/person.ts';
import { connectSdk, openHarbour } from '../support/sdk.ts';
import { bodiesUpTo } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';

const accessTokenMs = 1000;

/**
 * Follows a room in a separate process, which prints received messages line by line and sends each
 * line of its input.
 */
function startFollower(url: string, roomId: string) {
  const script = `
    import { createInterface } from 'node:readline';
    import { WebSocket } from 'ws';
    import { connect } from './client/src/index.ts';
    const causerie = connect({ url: ${JSON.stringify(url)}, webSocket: WebSocket });
    await causerie.signUp({ username: 'bob', password: ${JSON.stringify(password)} });
    const roomId = ${JSON.stringify(roomId)};
    await causerie.joinRoom({ roomId });
    createInterface({ input: process.stdin }).on('line', (body) => causerie.sendMessage({ conversationId: roomId, body }));
    for await (const event of causerie.roomMessages({ roomId })) {
      if (event.__typename === 'MessageSent') console.log(event.message.body);
      else if (event.__typename === 'CaughtUp') console.log('follows');
    }
  `;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  return {
    received: () => output.split('\n').filter((line) => line !== '' && line !== 'follows'),
    follows: () => output.startsWith('follows'),
    say: (body: string) => child.stdin.write(`${body}\n`),
    sleep: () => child.kill('SIGSTOP'),
    wake: () => child.kill('SIGCONT'),
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  };
}

describe('a computer that sleeps', () => {
  it.each([
    ['its connections were ended meanwhile', 'cut'],
    ['its connections seem to be there, and carry nothing', 'stall'],
  ] as const)(
    '[P1] [P2] [P6] receives all events when it wakes, and sends the waiting messages, although its token has expired: %s',
    { timeout: 120_000 },
    async (_what, fault) => {
      await using harbour = await openHarbour({ limits: { accessTokenMs } });
      const { node, url, roomId, proxy } = harbour;
      const ann = connectSdk({ url: node.url });
      await ann.signIn({ username: 'ann', password });
      const say = async (bodies: string[]) => {
        for (const body of bodies) await ann.sendMessage({ conversationId: roomId, body });
      };
      using bob = startFollower(url, roomId);
      await until('he follows', bob.follows, 20_000);
      await say(bodiesUpTo(5));
      await until('he receives the messages', () => bob.received().length === 5);

      bob.sleep();
      if (fault === 'cut') proxy.cut();
      else proxy.stall();
      await say(bodiesUpTo(40, 6));
      bob.say('I am back');
      await delay(accessTokenMs + 500);
      expect(bob.received()).toHaveLength(5);
      bob.wake();
      if (fault === 'stall') {
        await delay(500);
        proxy.cut();
        proxy.heal();
      }

      await until(
        'he receives his own message',
        () => bob.received().includes('I am back'),
        30_000,
      );
      expect(bob.received()).toEqual([...bodiesUpTo(40), 'I am back']);
    },
  );
});
