/** The protocol of each peer. The load treats the peers the same in all other respects. */
export const dialects = {
  /**
   * `preludes` is the number of text frames before the first event. Here: the acknowledgement and
   * CaughtUp.
   */
  causerie: { protocol: 'graphql-transport-ws', preludes: 2 },
  /** Only the acknowledgement: the server does not confirm a subscription. */
  vanilla: { protocol: 'graphql-transport-ws', preludes: 1 },
  /** Plain text in both directions. */
  raw: { protocol: undefined, preludes: 0 },
} as const;

export type Peer = keyof typeof dialects;

export const init = (token: string | undefined): string =>
  JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
export const subscribe = (
  id: string,
  payload: { query: string; variables: Record<string, unknown> },
): string => JSON.stringify({ id, type: 'subscribe', payload });
