import { setTimeout as delay } from 'node:timers/promises';
import { openSocket } from '../../support/bare-clients.ts';
import type { Visit } from '../resident.ts';

const extend = `mutation ($token: String!) { extendConnection(input: { token: $token }) { __typename } }`;

/** Extends a connection with a new token of its user, and hangs up, sometimes before the answer. */
export const extendConnection: Visit = async ({ wsUrl }, user, random) => {
  const first = await user.sign();
  await using socket = await openSocket(wsUrl, {
    params: { authorization: `Bearer ${first.token}` },
  });
  await socket.acknowledged;
  const { token } = await user.sign();
  const extended = socket.ask(extend, { token });
  await (random.chance(0.5) ? delay(random.between(0, 5)) : extended);
};

/**
 * Authenticates a single operation on a socket without a token, and hangs up, sometimes before the
 * answer.
 */
export const borrowToken: Visit = async ({ wsUrl }, user, random) => {
  const { token } = await user.sign();
  await using socket = await openSocket(wsUrl);
  await socket.acknowledged;
  const answered = socket.ask(
    '{ viewer { id } }',
    {},
    {
      headers: { authorization: `Bearer ${token}` },
    },
  );
  await (random.chance(0.5) ? delay(random.between(0, 5)) : answered);
};
