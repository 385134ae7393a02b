import { setTimeout as delay } from 'node:timers/promises';
import { GraphQLRefused } from '../../support/person.ts';
import type { Random } from '../random.ts';
import type { User } from './users.ts';

/** Where the API is. */
export interface Endpoint {
  readonly url: string;
  readonly wsUrl: string;
}

/** Longer than a node takes to give up on its database. */
const patienceMs = 12_000;

/**
 * One request over HTTP. Rejects with GraphQLRefused, or with something else when there is no
 * answer that can be understood.
 */
export async function request(
  url: string,
  token: string,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<any> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(patienceMs),
  });
  const { data, errors } = (await response.json()) as {
    data?: any;
    errors?: ConstructorParameters<typeof GraphQLRefused>[0][];
  };
  if (errors?.[0]) throw new GraphQLRefused(errors[0]);
  return data;
}

/** Whether the same may succeed later, or elsewhere. */
export const isPassing = (error: unknown): boolean =>
  !(error instanceof GraphQLRefused) || error.code === 'UNAVAILABLE';

/**
 * Tries one endpoint after the other until there is an answer for good; rejects with
 * GraphQLRefused, or when that takes longer than `withinMs`.
 */
export async function insist<Answer>(
  endpoints: readonly Endpoint[],
  user: User,
  random: Random,
  ask: (url: string, token: string) => Promise<Answer>,
  withinMs = 60_000,
): Promise<Answer> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    try {
      return await ask(random.pick(endpoints).url, (await user.sign()).token);
    } catch (error) {
      if (!isPassing(error) || Date.now() > giveUpAt) throw error;
      await delay(random.between(50, 300));
    }
  }
}
