import { defaultLimits } from '../limits.ts';

/** The message types of graphql-transport-ws that a client may send. */
const clientTypes: ReadonlySet<unknown> = new Set([
  'connection_init',
  'ping',
  'pong',
  'subscribe',
  'complete',
]);

const { operationIdMaxCharacters } = defaultLimits;

/** A message whose type is valid. The protocol library checks the other fields. */
export interface ClientMessage {
  readonly type: string;
  readonly id?: unknown;
}

/**
 * Parses a message from a client. Undefined if it is not JSON, has a type that only a server sends,
 * or has an id that is too long.
 */
export function parseClientMessage(text: string): ClientMessage | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof message !== 'object' || message === null) return undefined;
  const { type, id } = message as { type?: unknown; id?: unknown };
  if (!clientTypes.has(type)) return undefined;
  if (typeof id === 'string' && id.length > operationIdMaxCharacters) return undefined;
  return message as ClientMessage;
}
