import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { httpRequest } from '../../support/unread.ts';
import { within } from '../../support/within.ts';
import type { Visit } from '../town.ts';

const moments = ['before the token', 'while authenticating', 'once acknowledged', 'mid-stream'];

/** Opens a socket or an event stream, and hangs up without a word at one of these moments. */
export const comeAndGo: Visit = async ({ url, wsUrl, roomIds }, user, random) => {
  const { token } = await user.sign();
  const moment = random.pick(moments);
  if (moment === 'mid-stream') {
    const { hostname, port } = new URL(url);
    const stream = connect({ host: hostname, port: Number(port) });
    stream.on('error', () => {}).resume();
    const query = `subscription { roomMessages(roomId: "${random.pick(roomIds)}") { __typename } }`;
    stream.write(httpRequest(url, query, token, 'text/event-stream'));
    await delay(random.between(0, 60));
    stream.destroy();
    return;
  }
  const socket = new WebSocket(wsUrl, 'graphql-transport-ws').on('error', () => {});
  const closed = once(socket, 'close');
  try {
    await within('an open socket', Promise.race([once(socket, 'open'), closed]));
    if (moment !== 'before the token')
      socket.send(
        JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }),
      );
    if (moment === 'while authenticating') await delay(random.between(0, 5));
    if (moment === 'once acknowledged')
      await within('connection_ack', Promise.race([once(socket, 'message'), closed]));
  } finally {
    // Also after a visit that failed, so that what a slow machine does is not taken for a leak.
    socket.terminate();
  }
  await within('the close of a terminated socket', closed);
};
