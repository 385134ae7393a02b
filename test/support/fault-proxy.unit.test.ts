import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';
import { until } from './until.ts';

describe('the link that tests interrupt', () => {
  let server: Server;
  let proxy: FaultProxy;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    // Sends its name, and then echoes what it receives.
    server = createServer((socket) => {
      sockets.push(socket);
      socket
        .on('error', () => {})
        .setNoDelay(true)
        .write('hello ');
      socket.pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await startFaultProxy((server.address() as AddressInfo).port);
  });
  afterEach(async () => {
    await proxy[Symbol.asyncDispose]();
    for (const socket of sockets.splice(0)) socket.destroy();
    server.close();
  });

  async function open() {
    const socket = connect({ port: proxy.port, host: '127.0.0.1', noDelay: true });
    sockets.push(socket);
    const chunks: string[] = [];
    const ended: { by?: string } = {};
    socket.on('data', (chunk) => chunks.push(String(chunk)));
    socket
      .on('error', (error: NodeJS.ErrnoException) => (ended.by = error.code))
      .on('close', () => (ended.by ??= 'end'));
    return { socket, chunks, ended, text: () => chunks.join('') };
  }
  const greeted = async () => {
    const client = await open();
    await until('it is greeted', () => client.text() === 'hello ');
    return client;
  };

  it('forwards in both directions, counts, and passes an end on', async () => {
    const { socket, text, ended } = await greeted();
    socket.end('one');
    await until('all is back', () => text() === 'hello one');
    await until('it ends', () => ended.by === 'end');
    expect(proxy).toMatchObject({ accepted: 1, carried: { up: 3, down: 9 } });
    await until('nothing is open', () => proxy.open === 0);
  });

  it('cuts existing connections and accepts new ones', async () => {
    const first = await greeted();
    proxy.cut();
    await until('it is reset', () => first.ended.by === 'ECONNRESET');
    await greeted();
    expect(proxy).toMatchObject({ open: 1, accepted: 2 });
  });

  it('refuses new connections and keeps existing ones', async () => {
    const first = await greeted();
    proxy.refuse();
    const second = await open();
    await until('it is turned away', () => second.ended.by !== undefined);
    first.socket.write('still here');
    await until('the first goes on', () => first.text() === 'hello still here');
    proxy.heal();
    await greeted();
  });

  it.each(['up', 'down'] as const)(
    'stalls %s without closing, and delivers the waiting bytes afterwards',
    async (way) => {
      const { socket, text, ended } = await greeted();
      proxy.stall(way);
      const { up } = proxy.carried;
      socket.write('one');
      await delay(100);
      expect(text()).toBe('hello ');
      expect(proxy.carried.up - up).toBe(way === 'up' ? 0 : 3);
      expect(ended.by).toBeUndefined();
      proxy.heal();
      await until('it arrives', () => text() === 'hello one');
    },
  );

  it('does not pass an end on while it stalls', async () => {
    const { socket } = await greeted();
    const [upstream] = sockets.filter((one) => one !== socket);
    proxy.stall();
    socket.destroy();
    await delay(100);
    expect(upstream!.destroyed).toBe(false);
    proxy.heal();
    await until('the server notices', () => upstream!.destroyed);
  });

  it('delivers byte by byte', async () => {
    const { socket, chunks, text } = await greeted();
    proxy.dribble(2);
    socket.write('0123456789');
    await until('it arrives', () => text() === 'hello 0123456789');
    expect(chunks.length).toBeGreaterThan(3);
  });

  it('joins several packets into one', async () => {
    const { socket, chunks, text } = await greeted();
    proxy.coalesce(1000);
    for (const letter of 'abcdef') {
      socket.write(letter);
      await delay(5);
    }
    await until('it arrives', () => text() === 'hello abcdef');
    expect(chunks.slice(1)).toEqual(['abcdef']);
  });

  it('sends new connections to another target on request', async () => {
    proxy.target = 1;
    const { ended } = await open();
    await until('nobody is there', () => ended.by !== undefined);
  });
});
