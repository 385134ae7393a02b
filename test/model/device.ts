import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Random } from '../faults/random.ts';
import type { Person } from '../support/person.ts';
import type { TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';
import { checkStates } from './check.ts';
import { documents, queries } from './documents.ts';
import type { Entry, Follow, History } from './history.ts';
import {
  conversationView,
  emptyView,
  notificationView,
  type ConversationView,
  type View,
} from './view.ts';

interface Following {
  readonly follow: Follow;
  cursor: string | undefined;
  /** Undefined while it is paused, refused, or has ended. */
  stop: (() => void) | undefined;
  loading: Promise<void> | undefined;
  /** Whether the server has accepted or refused it. Typing alone may say nothing at first. */
  isAnswered: boolean;
}

/** One device of a user: it keeps its state by events, and connects to any node. */
export interface Device extends AsyncDisposable {
  readonly name: string;
  readonly userId: string;
  readonly history: History;
  /** Cuts the connection, and resumes everything on a random node. */
  reconnect(): void;
  /** Stops a subscription, or starts one that is stopped: from its last cursor, or anew. */
  toggle(): void;
  /** Waits until it shows what the API answers, and notes that answer. Gives up after a while. */
  settle(): Promise<void>;
}

const settleMs = 20_000;

/** A socket that may be closed before it is open. */
class AbandonedSocket extends WebSocket {
  constructor(...options: [url: string, protocols: string[]]) {
    super(...options);
    this.on('error', () => {});
  }
}

export function createDevice(
  name: string,
  person: Person,
  nodes: readonly TestNode[],
  follows: readonly Follow[],
  random: Random,
): Device {
  const entries: Entry[] = [];
  const history: History = { device: name, userId: person.id, follows, entries };
  const followings = follows.map((follow): Following => ({
    follow,
    cursor: undefined,
    stop: undefined,
    loading: undefined,
    isAnswered: false,
  }));
  let client: Client;
  /** Messages of an earlier connection count for nothing. */
  let generation = 0;
  /** How many differences were found at earlier quiet moments. */
  let knownFaults = 0;

  const ask = async (document: string, variables: Record<string, unknown> = {}): Promise<any> =>
    person.at(random.pick(nodes)).query(document, variables);

  function connect(): void {
    generation++;
    client = createClient({
      url: random.pick(nodes).wsUrl,
      webSocketImpl: AbandonedSocket,
      connectionParams: { authorization: `Bearer ${person.token}` },
      retryAttempts: 0,
    });
  }

  function begin(following: Following): void {
    const { follow, cursor } = following;
    const ofThis = generation;
    const isCurrent = () => ofThis === generation && following.stop === stop;
    entries.push({ type: 'began', follow: follow.name, after: cursor });
    following.isAnswered = follow.field === 'typing';
    const end = (code: string | undefined) => {
      if (!isCurrent()) return;
      following.stop = undefined;
      following.isAnswered = true;
      entries.push({ type: 'ended', follow: follow.name, code });
    };
    const unsubscribe = client.subscribe<any>(
      { query: documents[follow.field], variables: { roomId: follow.roomId, after: cursor } },
      {
        next({ data, errors }) {
          if (!isCurrent()) return;
          if (errors) return end(errors[0]!.extensions?.code as string);
          receive(following, Object.values(data)[0]);
        },
        error: (error) => end(Array.isArray(error) ? error[0].extensions?.code : undefined),
        complete: () => end(undefined),
      },
    );
    const stop = () => {
      if (following.stop === stop) following.stop = undefined;
      unsubscribe();
    };
    following.stop = stop;
  }

  function receive(following: Following, event: any): void {
    const { follow, cursor } = following;
    entries.push({ type: 'event', follow: follow.name, at: Date.now(), event });
    following.cursor = event.cursor;
    following.isAnswered = true;
    const isFresh = event.__typename === 'CaughtUp' && cursor === undefined;
    if (isFresh || event.__typename === 'StreamReset') {
      entries.push({ type: 'loading', follow: follow.name });
      following.loading = load(follow)
        .then((state) => void entries.push({ type: 'loaded', follow: follow.name, state }))
        // The permission ended meanwhile. The subscription says so.
        .catch(() => {});
    }
  }

  async function load(follow: Follow): Promise<View> {
    switch (follow.field) {
      case 'roomMessages':
        return { ...emptyView, conversations: await conversations([follow.roomId!]) };
      case 'privateMessages':
        return listed(follow, (await all(queries.direct)).ids);
      case 'supportMessages': {
        if (follow.topic === 'support') return listed(follow, (await all(queries.desk)).ids);
        const { mySupportConversation } = await ask(queries.own);
        return { ...emptyView, conversations: await conversations([mySupportConversation.id]) };
      }
      case 'notifications': {
        const { nodes: found } = await all(queries.notifications);
        // The subscription also says how far the user has read rooms, also those that are paused.
        const rooms = follows.flatMap(({ field, roomId }) =>
          field === 'roomMessages' ? [roomId!] : [],
        );
        return {
          ...emptyView,
          notifications: found.map(notificationView),
          conversations: Object.assign({}, ...(await Promise.all(rooms.map(visible)))),
        };
      }
      case 'typing':
        return { ...emptyView, typing: { [follow.roomId!]: [] } };
      case 'roomPresence': {
        const { room } = await ask(queries.online, { id: follow.roomId });
        const online = room.onlineUsers.map(({ id }: any) => id);
        return { ...emptyView, online: { [follow.roomId!]: online } };
      }
    }
  }

  const listed = async (follow: Follow, ids: readonly string[]): Promise<View> => ({
    ...emptyView,
    lists: { [follow.name]: ids },
    conversations: await conversations(ids),
  });

  async function conversations(ids: readonly string[]): Promise<View['conversations']> {
    const loaded = ids.map(async (id) => [id, await conversation(id)] as const);
    return Object.fromEntries(await Promise.all(loaded));
  }

  /** With at least all messages that the user has not read: clients count them by events. */
  async function conversation(id: string): Promise<ConversationView> {
    const { conversation: found } = await ask(queries.conversation, { id });
    const lastReadSeq = found?.viewerMember?.lastReadSeq ?? 0;
    for (let page = found?.messages; ;) {
      if (!page) throw new Error('the conversation cannot be seen any more');
      if (page !== found.messages) found.messages.edges.unshift(...page.edges);
      const isComplete = !page.pageInfo.hasPreviousPage || page.edges[0].node.seq <= lastReadSeq;
      if (isComplete) return conversationView(found, person.id);
      const answer = await ask(queries.messages, { id, before: page.pageInfo.startCursor });
      page = answer.conversation?.messages;
    }
  }

  /** Nothing for a room that the user cannot see, or cannot see any more. */
  const visible = (id: string): Promise<View['conversations']> =>
    conversations([id]).catch(() => ({}));

  /** All pages of a list. */
  async function all(document: string): Promise<{ nodes: any[]; ids: string[] }> {
    const found: any[] = [];
    let after: string | null = null;
    do {
      const { list } = await ask(document, { after });
      found.push(...list.edges.map(({ node }: any) => node));
      after = list.pageInfo.hasNextPage ? list.pageInfo.endCursor : null;
    } while (after);
    return { nodes: found, ids: found.map(({ id }) => id) };
  }

  /** What the API answers about everything that is followed now. */
  async function answered(): Promise<View> {
    const open = followings.filter(({ stop }) => stop);
    const states = await Promise.all(
      open.map(async ({ follow }) => {
        const state = await load(follow);
        // Rooms have a follow of their own.
        return follow.field === 'notifications' ? { ...state, conversations: {} } : state;
      }),
    );
    return {
      conversations: Object.assign({}, ...states.map((state) => state.conversations)),
      lists: Object.assign({}, ...states.map(({ lists }) => lists)),
      notifications: states.find(({ notifications }) => notifications)?.notifications,
      typing: Object.assign({}, ...states.map(({ typing }) => typing)),
      online: Object.assign({}, ...states.map(({ online }) => online)),
    };
  }

  connect();
  for (const following of followings) begin(following);
  return {
    name,
    userId: person.id,
    history,
    reconnect() {
      const open = followings.filter(({ stop }) => stop);
      const former = client;
      connect();
      former.terminate();
      for (const following of open) begin(following);
    },
    toggle() {
      const following = random.pick(followings);
      if (following.stop) {
        following.stop();
        entries.push({ type: 'ended', follow: following.follow.name, code: undefined });
      } else {
        if (random.chance(0.3)) following.cursor = undefined;
        begin(following);
      }
    },
    async settle() {
      // A refused subscription is tried again, because the permission may have come back.
      for (const following of followings) if (!following.stop) begin(following);
      await until(
        `${name} knows what it may follow`,
        () => followings.every(({ stop, isAnswered }) => !stop || isAnswered),
        60_000,
      );
      for (const deadline = Date.now() + settleMs; ;) {
        await Promise.all(followings.map(({ loading }) => loading));
        const quiet = await answered().then(
          (state): Entry => ({ type: 'quiet', state }),
          () => undefined,
        );
        const isSettled =
          quiet && checkStates({ ...history, entries: [...entries, quiet] }).length === knownFaults;
        if (quiet && (isSettled || Date.now() > deadline)) {
          entries.push(quiet);
          knownFaults = checkStates(history).length;
          return;
        }
        if (Date.now() > deadline + settleMs) throw new Error(`${name} cannot read its state`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async [Symbol.asyncDispose]() {
      generation++;
      client.terminate();
    },
  };
}
