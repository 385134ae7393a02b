import { setTimeout as delay } from 'node:timers/promises';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { NodeProcess } from '../cluster/node-process.ts';
import { insist, request } from '../cluster/request.ts';
import type { User } from '../cluster/users.ts';
import type { Random } from '../random.ts';
import type { Room, Run } from './run.ts';

/** Checks the presence of a user who is always connected, at every node [P7]. */
export interface PresenceCheck {
  /** The number of its subscriptions while it runs. */
  readonly subscriptions: number;
  begin(): void;
  /**
   * Waits until all nodes agree on who is online, by events and by queries. Then everybody
   * disconnects. Call it while no fault is active.
   */
  settle(): Promise<void>;
}

const document = `subscription ($roomId: ID!) { roomPresence(roomId: $roomId) { __typename
  ... on PresenceSnapshot { users { id } } ... on UserCameOnline { user { id } } ... on UserWentOffline { user { id } } } }`;
const onlineNow = 'query ($id: ID) { room(id: $id) { onlineUsers(first: 100) { id } } }';
const backWithinMs = 100;
/** Users of a killed node are offline after a minute. Lost hints are repaired before that. */
const settleMs = 75_000;

/**
 * Connects directly to a node and reconnects at once. A user is rightly offline if a node is down
 * for longer than the grace time.
 */
const connect = (node: NodeProcess, user: User): Client =>
  createClient({
    url: `${node.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: async () => ({ token: (await user.sign()).token }),
    lazy: false,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: () => delay(backWithinMs),
    onNonLazyError: () => {},
  });

export interface Company {
  readonly room: Room;
  /** Is connected to two nodes, at least one of which is always up. */
  readonly regular: User;
  /** Queries and follows every node. */
  readonly watcher: User;
  /** The other users who are online at the end. */
  readonly others: readonly User[];
}

export function checkPresence(
  run: Run,
  nodes: readonly NodeProcess[],
  { room, regular, watcher, others }: Company,
  random: Random,
): PresenceCheck {
  const clients: Client[] = [];
  const known = new Map(nodes.map((node) => [node, new Set<string>()]));
  let isOver = false;

  function watch(node: NodeProcess, client: Client): void {
    const ended = async (ending: unknown) => {
      if (isOver) return;
      const code = Array.isArray(ending) ? ending[0]?.extensions?.code : undefined;
      if (code !== 'UNAVAILABLE')
        run.violate(
          'refusal',
          `who is online at ${node.name} was refused with ${JSON.stringify(ending)}`,
        );
      await delay(backWithinMs);
      watch(node, client);
    };
    client.subscribe<any>(
      { query: document, variables: { roomId: room.id } },
      {
        next: ({ data, errors }) =>
          errors
            ? run.violate('error', `presence at ${node.name} is ${JSON.stringify(errors)}`)
            : receive(node, data.roomPresence),
        error: (ending) => void ended(ending),
        complete: () => void ended('nothing'),
      },
    );
  }

  function receive(
    node: NodeProcess,
    event: { __typename: string; users: { id: string }[]; user: { id: string } },
  ): void {
    run.counts.presence++;
    if (event.__typename === 'PresenceSnapshot')
      return void known.set(node, new Set(event.users.map(({ id }) => id)));
    known.get(node)![event.__typename === 'UserCameOnline' ? 'add' : 'delete'](event.user.id);
    if (event.__typename === 'UserWentOffline' && event.user.id === regular.id)
      run.violate(
        'presence',
        `${node.name} reported ${regular.name} as offline, who was connected all the time`,
      );
  }

  /** The online users by the events of each node, and by its answers, as sorted ids. */
  async function views(): Promise<string[]> {
    const asked = await Promise.all(
      nodes.map(async ({ url }) =>
        (
          await insist([{ url: `${url}/graphql`, wsUrl: '' }], watcher, random, (at, token) =>
            request(at, token, onlineNow, { id: room.id }),
          )
        ).room.onlineUsers.map(({ id }: { id: string }) => id),
      ),
    );
    return [...known.values(), ...asked].map((ids) => [...ids].toSorted().join(' '));
  }

  return {
    subscriptions: nodes.length,
    begin() {
      for (const node of nodes.slice(0, 2)) clients.push(connect(node, regular));
      for (const node of nodes) {
        const client = connect(node, watcher);
        clients.push(client);
        watch(node, client);
      }
    },
    async settle() {
      const expected = [regular, watcher, ...others]
        .map(({ id }) => id)
        .toSorted()
        .join(' ');
      const giveUpAt = Date.now() + settleMs;
      let seen = await views();
      while (seen.some((view) => view !== expected) && Date.now() < giveUpAt) {
        await delay(250);
        seen = await views();
      }
      if (seen.some((view) => view !== expected))
        run.violate(
          'presence',
          `online are ${expected}, but the nodes published and answered ${seen.join(', ')}`,
        );
      isOver = true;
      for (const client of clients) await Promise.resolve(client.dispose()).catch(() => {});
    },
  };
}
