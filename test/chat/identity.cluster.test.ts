import { SignJWT, type JWTPayload } from 'jose';
import { expect, it } from 'vitest';
import { openSocket } from '../support/bare-clients.ts';
import { query } from '../support/person.ts';
import { describeWithServers } from '../support/servers.ts';
import { startCluster, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

const viewer = async (node: TestNode, token: string) =>
  (await query(node.url, '{ viewer { id role } }', {}, token)).viewer;
const signBySecret = (node: TestNode, claims: JWTPayload) =>
  new SignJWT({ exp: Math.ceil(Date.now() / 1000) + 300, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(node.settings.JWT_SECRET));

describeWithServers('two nodes', () => {
  it('[P14] both apply a changed claim, and close the connections of the former role', async () => {
    await using nodes = await startCluster(2, { settings: { JWT_ADMIN_CLAIM: 'role:ADMIN' } });
    const iat = Math.floor(Date.now() / 1000) - 60;
    const admin = await signBySecret(nodes[0]!, { sub: 'ann', role: 'ADMIN', iat });
    const plain = await signBySecret(nodes[0]!, { sub: 'ann', iat: iat + 1 });
    expect(await viewer(nodes[0]!, admin)).toMatchObject({ role: 'ADMIN' });
    await using socket = await openSocket(nodes[1]!.wsUrl, { params: { token: admin } });
    await socket.acknowledged;
    expect(await viewer(nodes[0]!, plain)).toMatchObject({ role: 'USER' });
    expect(await socket.closed).toEqual({ code: 4403, reason: 'Role changed' });
    await until('the role is USER', async () => (await viewer(nodes[1]!, admin)).role === 'USER');
  });
});
