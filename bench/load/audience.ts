import { randomUUID } from 'node:crypto';
import { dialects, init, subscribe, type Peer } from './dialect.ts';
import { openSocket, type LoadSocket } from './web-socket.ts';

/** The followers and their subscriptions. */
export interface AudienceOptions {
  readonly peer: Peer;
  readonly url: string;
  /** One for each user. */
  readonly tokens: readonly string[];
  readonly followersPerUser: number;
  /** Assigned to the followers in turn. */
  readonly subscriptions: readonly {
    readonly query: string;
    readonly variables: Record<string, unknown>;
  }[];
  /** The number of events that each follower receives as a replay. */
  readonly replayed?: number;
}

/** Many followers. Little more is stored for each than the number of events it has received. */
export interface Audience {
  readonly size: number;
  /** The last event that the first follower received. */
  readonly sample: string;
  /**
   * Connects followers up to this number. Resolves when each is connected and, if the server
   * reports that, has caught up. Rejects if one is refused.
   */
  grow(size: number): Promise<void>;
  /** Cuts all connections. */
  cut(): void;
  /** Sets all counts back to 0. */
  reset(): void;
  /**
   * Resolves when each follower has received this number of events since the last `reset`. Rejects
   * if one has received more, or if nothing has arrived for a while.
   */
  allReceive(events: number, patienceMs?: number): Promise<void>;
}

interface Follower {
  /** Negative during the frames before the first event. */
  received: number;
  socket?: LoadSocket;
}

const connectingAtOnce = 100;
/**
 * An address has about 28,000 ports, and the search for a free one gets slower the more are used.
 */
const followersPerAddress = 4000;
/** All addresses of 127.0.0.0/8 are local. Each load process uses a part of its own. */
const network = `127.${1 + Math.floor(Math.random() * 250)}.${Math.floor(Math.random() * 250)}`;

/**
 * Calls `listen` with each event. Its text is bytes[start..end]; the buffer is reused after the
 * call.
 */
export function createAudience(
  options: AudienceOptions,
  listen?: (bytes: Buffer, start: number, end: number) => void,
): Audience {
  const { peer, url, tokens, followersPerUser, subscriptions, replayed = 0 } = options;
  const { protocol, preludes } = dialects[peer];
  const first = -preludes - replayed;
  let followers: Follower[] = [];
  let total = 0;
  let awaited = Infinity;
  let reached = () => {};
  let failure: Error | undefined;
  let sample = '';

  function connect(index: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const follower: Follower = { received: first };
      followers.push(follower);
      openSocket({
        url,
        protocol,
        from: `${network}.${1 + Math.floor(index / followersPerAddress)}`,
        opened(socket) {
          follower.socket = socket;
          if (preludes === 0) resolve();
          else socket.send(init(tokens[Math.floor(index / followersPerUser)]));
        },
        receive(bytes, start, end) {
          follower.received++;
          if (follower.received === first + 1 && preludes > 0)
            follower.socket!.send(
              subscribe(randomUUID(), subscriptions[index % subscriptions.length]!),
            );
          if (follower.received === 0) resolve();
          if (follower.received <= 0) return;
          if (index === 0) sample = bytes.toString('utf8', start, end);
          listen?.(bytes, start, end);
          if (++total === awaited) reached();
        },
        ended(why) {
          failure = new Error(`A follower was disconnected: ${why}`);
          reject(failure);
        },
      });
    });
  }

  /** Resolves when the awaited number is reached, or when nothing has arrived for this time. */
  function awaitedOrStalled(patienceMs: number): Promise<void> {
    return new Promise((resolve) => {
      let before = total;
      const watch = setInterval(() => {
        if (total === before) reached();
        before = total;
      }, patienceMs);
      reached = () => {
        clearInterval(watch);
        resolve();
      };
    });
  }

  return {
    get size() {
      return followers.length;
    },
    get sample() {
      return sample;
    },
    async grow(size) {
      while (followers.length < size) {
        const from = followers.length;
        await Promise.all(
          Array.from({ length: Math.min(connectingAtOnce, size - from) }, (_, index) =>
            connect(from + index),
          ),
        );
      }
    },
    cut() {
      for (const { socket } of followers) socket?.cut();
      followers = [];
    },
    reset() {
      total = 0;
      for (const follower of followers) follower.received = 0;
    },
    async allReceive(events, patienceMs = 20_000) {
      awaited = events * followers.length;
      if (total < awaited) await awaitedOrStalled(patienceMs);
      if (failure) throw failure;
      const wrong = followers.find(({ received }) => received !== events);
      if (wrong)
        throw new Error(
          `A follower received ${wrong.received} events instead of ${events}. All followers received ${total} of ${awaited}. The last event: ${sample}`,
        );
    },
  };
}
