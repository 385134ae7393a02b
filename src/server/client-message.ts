/** What a client may send; everything else is the server's to send, or unknown. */
const clientTypes: ReadonlySet<unknown> = new Set([
  'connection_init',
  'ping',
  'pong',
  'subscribe',
  'complete',
]);

/** An operation's id comes back with each of its results. Stock clients make UUIDs. */
const operationIdMaxCharacters = 128;

/**
 * A message of graphql-transport-ws from a client. Undefined when it is none: not JSON, of a type that only a server sends, or with an id that
 * is too long. What the fields of its type hold is checked by the protocol's library.
 */
export function parseClientMessage(text: string): object | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof message !== 'object' || message === null) return undefined;
  const { type, id } = message as { type?: unknown; id?: unknown };
  if (!clientTypes.has(type)) return undefined;
  return typeof id === 'string' && id.length > operationIdMaxCharacters ? undefined : message;
}
