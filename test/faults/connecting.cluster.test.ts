import { SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { openSocket } from '../support/bare-clients.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { createDatabase, describeWithPostgres } from '../support/servers.ts';
import { startNode } from '../support/start-node.ts';

describeWithPostgres('who comes while the database is away', () => {
  it('is closed with 1013, after which clients retry', async () => {
    const url = new URL(await createDatabase());
    await using wire = await startFaultProxy(Number(url.port));
    url.port = String(wire.port);
    await using node = await startNode({ settings: { DATABASE_URL: url.href } });
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('somebody new')
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(node.settings.JWT_SECRET));
    wire.cut();
    wire.refuse();
    await using turnedAway = await openSocket(node.wsUrl, { params: { token } });
    expect(await turnedAway.closed).toEqual({ code: 1013, reason: 'Try again later' });
    wire.heal();
    await using letIn = await openSocket(node.wsUrl, { params: { token } });
    await letIn.acknowledged;
  });
});
