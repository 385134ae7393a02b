import { expect, it } from 'vitest';
import { openSocket } from '../support/bare-clients.ts';
import { password, person, query } from '../support/person.ts';
import { describeWithServers } from '../support/servers.ts';
import { startCluster } from '../support/start-node.ts';

describeWithServers('two nodes', () => {
  it.each([
    'endOtherSessions { endedCount }',
    `changePassword(input: { currentPassword: "${password}", newPassword: "another long password" }) { session { expiresAt } }`,
  ])('[P10] close the connections of ended sessions on both: %s', async (mutation) => {
    await using nodes = await startCluster(2);
    const ann = await person(nodes[0]!, 'ann');
    const { signIn } = await query(
      nodes[0]!.url,
      'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }',
      { input: { username: 'ann', password } },
    );
    const token = signIn.session.accessToken;
    const sockets = await Promise.all(
      nodes.map((node) => openSocket(node.wsUrl, { params: { token } })),
    );
    await Promise.all(sockets.map(({ acknowledged }) => acknowledged));
    await ann.query(`mutation { ${mutation} }`);
    for (const { closed } of sockets) expect((await closed).code).toBe(4401);
    for (const socket of sockets) await socket[Symbol.asyncDispose]();
  });
});
