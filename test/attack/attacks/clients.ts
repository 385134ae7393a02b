import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Site } from '../site.ts';
import type { Tally } from '../tally.ts';

/**
 * The address that a request pretends to come from. The node trusts the proxy that we claim to be.
 */
export const attackerAddress = '203.0.113.66';
/** Addresses of one IPv6 /64, which one client may take. */
export const rotatedAddress = (place: number) => `2001:db8:0:1::${(place + 1).toString(16)}`;

const patienceMs = 15_000;

export interface PostOptions {
  readonly token?: string;
  readonly address?: string;
  readonly signal?: AbortSignal;
}

/** Sends one request and counts the answer: `ok`, the code of the refusal, or the status. */
export async function post(
  { url }: Site,
  tally: Tally,
  body: { query: string; variables?: Record<string, unknown> },
  { token, address = attackerAddress, signal = AbortSignal.timeout(patienceMs) }: PostOptions = {},
): Promise<string> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': address,
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
    signal,
  }).then(
    async (response) => {
      const text = await response.text();
      const code = /"code":"(\w+)"/.exec(text)?.[1];
      return code ?? (text.includes('"errors"') ? `status ${response.status}` : 'ok');
    },
    () => 'no answer',
  );
  tally.count(answer);
  if (answer === 'INTERNAL') tally.breaks('an input was INTERNAL');
  return answer;
}

/** A socket that speaks graphql-transport-ws by hand. Counts refusals and the close. */
export async function openSocket(
  { wsUrl }: Site,
  tally: Tally,
  {
    token,
    address = attackerAddress,
    isInitialised = true,
  }: { token?: string; address?: string; isInitialised?: boolean } = {},
): Promise<WebSocket> {
  const socket = new WebSocket(wsUrl, 'graphql-transport-ws', {
    headers: { 'x-forwarded-for': address },
  });
  socket.on('error', () => {});
  let isOver = false;
  socket.on('close', (code) => {
    if (!isOver) tally.count(`closed ${code}`);
  });
  socket.on('message', (data) => {
    const text = String(data);
    if (!text.includes('"type":"error"')) return;
    tally.count(/"code":"(\w+)"/.exec(text)?.[1] ?? 'error');
  });
  await Promise.race([once(socket, 'open'), once(socket, 'close')]).catch(() => {});
  if (socket.readyState !== socket.OPEN || !isInitialised) return mark(socket);
  const answered = once(socket, 'message', { signal: AbortSignal.timeout(patienceMs) });
  const payload = token && { authorization: `Bearer ${token}` };
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  await Promise.race([answered, once(socket, 'close')]).catch(() => {});
  if (socket.readyState === socket.OPEN) tally.count('acknowledged');
  return mark(socket);

  /** A close that we cause is not an answer. */
  function mark(marked: WebSocket): WebSocket {
    const terminate = marked.terminate.bind(marked);
    marked.terminate = () => {
      isOver = true;
      terminate();
    };
    return marked;
  }
}

export function subscribe(
  socket: WebSocket,
  id: string,
  query: string,
  variables: Record<string, unknown> = {},
  extensions?: Record<string, unknown>,
): void {
  if (socket.readyState === socket.OPEN)
    socket.send(
      JSON.stringify({ id, type: 'subscribe', payload: { query, variables, extensions } }),
    );
}
