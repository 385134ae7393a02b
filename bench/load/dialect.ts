/** How a server is spoken to. The peers differ in it, and in nothing else that the load does. */
export const dialects = {
  /** `preludes`: how many text frames a follower is sent before the first event; here the acknowledgement, and CaughtUp. */
  causerie: { protocol: 'graphql-transport-ws', preludes: 2 },
  /** Only the acknowledgement: that it is subscribed nobody says. */
  vanilla: { protocol: 'graphql-transport-ws', preludes: 1 },
  /** Bare text in both directions. */
  raw: { protocol: undefined, preludes: 0 },
} as const;

export type Peer = keyof typeof dialects;

export const init = (token: string | undefined): string =>
  JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
export const subscribe = (
  id: string,
  payload: { query: string; variables: Record<string, unknown> },
): string => JSON.stringify({ id, type: 'subscribe', payload });
