import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { person, type Person } from '../support/person.ts';
import { runProgram, startProgram, type Program } from '../support/program.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { bodies, follow, followLive, send } from '../support/send-and-follow.ts';
import { freePort } from '../support/server-process.ts';
import { createDatabase, describeWithServers, redisUrl } from '../support/servers.ts';
import type { TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

const asNode = ({ url, wsUrl }: Program) => ({ url, wsUrl }) as TestNode;

async function settingsOf(nodes: string) {
  return {
    NODES: nodes,
    DATABASE_URL: await createDatabase(),
    REDIS_URL: redisUrl!,
    JWT_SECRET: 'a secret of the nodes of a supervisor',
    RATE_LIMITS: 'off',
  };
}

/** The processes of the nodes, oldest first. */
const nodesOf = ({ process: { pid } }: Program): number[] =>
  execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid), '--sort', 'start_time'])
    .toString()
    .trim()
    .split(/\s+/)
    .map(Number);

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** The number of connections of the node whose metrics this port has. */
async function connectionsAt(port: number): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^causerie_connections (\d+)$/m.exec(metrics)![1]);
}

const countListening = ({ output }: Program): number =>
  output.split('Causerie is listening on').length - 1;

describeWithServers('NODES=2', () => {
  it('[P1] runs two nodes on one port, starts one again that is killed, and drains both', async () => {
    // The second node takes the next one.
    const adminPort = await freePort();
    const settings = { ...(await settingsOf('2')), ADMIN_PORT: String(adminPort) };
    await using program = await startProgram(settings);
    await until('both listen', () => countListening(program) === 2);
    const ann = await person(asNode(program), 'ann');
    const { id } = await createRoom(ann, { name: 'Quay' });

    const followers: Person[] = [];
    const received = [];
    for (let count = 0; count < 10; count++) {
      const follower = await person(asNode(program), `follower-${count}`);
      await joinRoom(follower, { roomId: id });
      followers.push(follower);
      received.push(await followLive(follower, id));
    }
    expect(await connectionsAt(adminPort)).toBeGreaterThan(1);
    expect(await connectionsAt(adminPort + 1)).toBeGreaterThan(1);
    await send(ann, id, 'To both');
    for (const one of received) await one.find(({ message }) => message?.body === 'To both');

    const [first, second] = nodesOf(program);
    process.kill(second!, 'SIGKILL');
    await until('it listens again', () => countListening(program) === 3);
    expect(nodesOf(program)).toContain(first);
    expect(nodesOf(program)).not.toContain(second);
    const late = await person(asNode(program), 'late');
    await joinRoom(late, { roomId: id });
    const all = follow(late, id, { last: 10 });
    await all.find(({ __typename }) => __typename === 'CaughtUp');
    expect(bodies(all)).toEqual(['To both']);

    const nodes = nodesOf(program);
    program.process.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    expect(nodes.filter(isRunning)).toEqual([]);
    for (const one of [ann, late, ...followers]) await one[Symbol.asyncDispose]();
  });

  it('ends its nodes when it is killed', async () => {
    await using program = await startProgram(await settingsOf('2'));
    await until('both listen', () => countListening(program) === 2);
    const nodes = nodesOf(program);
    program.process.kill('SIGKILL');
    await until('no node is left', () => !nodes.some(isRunning));
  });

  it('ends at once while a node starts', async () => {
    const program = await startProgram(await settingsOf('2'));
    await until('the second one starts', () => nodesOf(program).length === 2);
    const nodes = nodesOf(program);
    program.process.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    expect(nodes.filter(isRunning)).toEqual([]);
  });

  it('explains a start that fails once, and ends', async () => {
    const settings = await settingsOf('2');
    const { code, output } = await runProgram({
      ...settings,
      DATABASE_URL: settings.DATABASE_URL.replace(/[^/]+$/, 'no-such-database'),
    });
    expect(code).toBe(1);
    expect(output.match(/no-such-database/g)).toHaveLength(1);
  });

  it('requires the database and the bus that nodes share', async () => {
    const { code, output } = await runProgram({ NODES: '2', DATA_DIR: 'memory' });
    expect(code).toBe(1);
    expect(output).toContain('NODES requires DATABASE_URL and REDIS_URL');
  });
});
