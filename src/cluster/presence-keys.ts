/** Where Redis has the nodes, and for each node its state and its users. */
export const presenceKeys = (prefix: string) => ({
  nodes: `${prefix}:nodes`,
  node: (node: string) => `${prefix}:node:${node}`,
  users: (node: string) => `${prefix}:users:${node}`,
});

export type PresenceKeys = ReturnType<typeof presenceKeys>;
