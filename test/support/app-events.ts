import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { Received } from './received.ts';
import type { TestNode } from './start-node.ts';

const document = `subscription ($after: Cursor, $types: [String!]) { appEvents(after: $after, types: $types) {
  cursor type conversationId occurredAt
  event {
    __typename cursor
    ... on MessageSent { message { id seq body author { username externalId } } }
    ... on MessageEdited { message { id seq body } }
    ... on MessageDeleted { message { id seq body } }
    ... on MemberJoined { user { username } }
    ... on UserUpdated { user { externalId username displayName avatarUrl metadata } }
    ... on CaughtUp { replayed }
    ... on StreamReset { resetReason }
  } } }`;

/** Follows all events over a socket of its own. It resumes if the socket is lost. */
export function followAppEvents(
  url: string | (() => string),
  token: string,
  variables: { after?: string; types?: string[] } = {},
): Received & { client: Client } {
  const received = new Received();
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: Infinity,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
    shouldRetry: () => true,
  });
  const payload = { query: document, variables: { ...variables } as Record<string, unknown> };
  const stop = client.subscribe<any>(payload, {
    next({ data, errors }) {
      if (errors) return received.end({ message: errors[0]!.message, code: undefined });
      payload.variables.after = data.appEvents.cursor;
      received.add(data.appEvents);
    },
    error(error) {
      const [first] = Array.isArray(error) ? error : [];
      received.end({ message: first?.message ?? String(error), code: first?.extensions?.code });
    },
    complete: () => received.end(),
  });
  received.stopsBy(() => {
    stop();
    void client.dispose();
  });
  return Object.assign(received, { client });
}

export async function followAppEventsLive(
  node: TestNode,
  token: string,
  variables: { after?: string; types?: string[] } = {},
): Promise<Received> {
  const received = followAppEvents(node.wsUrl, token, variables);
  await received.until(
    ({ events, ending }) => ending ?? events.some(({ type }) => type === 'CaughtUp'),
  );
  return received;
}

/** The bodies of the messages that were sent, without repeats of the same event. */
export const bodiesOf = ({ events }: Received): string[] =>
  events.filter(({ type }) => type === 'MessageSent').map(({ event }) => event.message.body);
