import { setTimeout as delay } from 'node:timers/promises';
import { openSocket, type BareSocket, type BareSocketOptions } from '../../support/bare-clients.ts';
import { within } from '../../support/within.ts';
import type { Visit } from '../town.ts';

const extend = `mutation ($token: String!) { extendConnection(input: { token: $token }) { __typename } }`;

/** Extends a connection with a new token of its user, and hangs up, sometimes before the answer. */
export const extendConnection: Visit = async ({ wsUrl }, user, random) => {
  const first = await user.sign();
  await using socket = await openInTime(wsUrl, {
    params: { authorization: `Bearer ${first.token}` },
  });
  await within('connection_ack', socket.acknowledged);
  const { token } = await user.sign();
  const extended = socket.ask(extend, { token });
  if (random.chance(0.5)) await delay(random.between(0, 5));
  else await within('the answer to extendConnection', extended);
};

/**
 * Authenticates a single operation on a socket without a token, and hangs up, sometimes before the
 * answer.
 */
export const borrowToken: Visit = async ({ wsUrl }, user, random) => {
  const { token } = await user.sign();
  await using socket = await openInTime(wsUrl);
  await within('connection_ack', socket.acknowledged);
  const headers = { authorization: `Bearer ${token}` };
  const answered = socket.ask('{ viewer { id } }', {}, { headers });
  if (random.chance(0.5)) await delay(random.between(0, 5));
  else await within('the answer to a query with its own token', answered);
};

/** A socket that opens too late is closed, so that a slow machine does not look like a leak. */
async function openInTime(wsUrl: string, options?: BareSocketOptions): Promise<BareSocket> {
  const opening = openSocket(wsUrl, options);
  try {
    return await within('an open socket', opening);
  } catch (error) {
    void opening.then((late) => late[Symbol.asyncDispose]()).catch(() => {});
    throw error;
  }
}
