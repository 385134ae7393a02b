import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { connectSdk } from '../support/sdk.ts';

/** Sends an answer in ten parts with a pause after each, and stops after some of them. */
async function startSlowServer(parts: number, pauseMs: number) {
  const answer = JSON.stringify({ data: { exportMyData: { data: { text: 'é'.repeat(500) } } } });
  const bytes = Buffer.from(answer);
  const size = Math.ceil(bytes.length / 10);
  const server = createServer(async (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    for (let part = 0; part < parts; part++) {
      response.write(bytes.subarray(part * size, (part + 1) * size));
      await delay(pauseMs);
    }
    if (parts === 10) response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const exportOf = async (url: string, requestMs: number) => {
  const causerie = connectSdk({ url, token: 'any', timing: { requestMs } });
  try {
    return await causerie.exportMyData();
  } finally {
    causerie.close();
  }
};

it('an answer may take longer than the time limit, while parts of it arrive', async () => {
  await using server = await startSlowServer(10, 300);
  expect(await exportOf(server.url, 2000)).toMatchObject({ text: 'é'.repeat(500) });
});

it('an answer that stops arriving fails after the time limit', async () => {
  await using server = await startSlowServer(5, 1);
  await expect(exportOf(server.url, 500)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});
