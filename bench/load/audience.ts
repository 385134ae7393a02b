import { randomUUID } from 'node:crypto';
import { dialects, init, subscribe, type Peer } from './dialect.ts';
import { openSocket, type LoadSocket } from './web-socket.ts';

/** Who follows, and with what. */
export interface AudienceOptions {
  readonly peer: Peer;
  readonly url: string;
  /** One for each user. */
  readonly tokens: readonly string[];
  readonly followersPerUser: number;
  /** Followers take them in turn. */
  readonly subscriptions: readonly {
    readonly query: string;
    readonly variables: Record<string, unknown>;
  }[];
  /** Events that are replayed to each at first. */
  readonly replayed?: number;
}

/** Many followers, of whom hardly more is known than how much each has heard. */
export interface Audience {
  readonly size: number;
  /** An event, as it was last heard by the first of them. */
  readonly sample: string;
  /** Connects until so many follow, and resolves when each is connected and, where the server says so, has caught up. Rejects when one is not let in. */
  grow(size: number): Promise<void>;
  /** Cuts the connections of all. */
  cut(): void;
  /** Forgets what was heard. */
  forget(): void;
  /** Resolves when each of them has heard so many events since it last forgot. Rejects when one has heard more, or when nothing has come for a while. */
  haveHeard(events: number, patienceMs?: number): Promise<void>;
}

interface Follower {
  /** Counts up from what comes before the first event. */
  heard: number;
  socket?: LoadSocket;
}

const connectingAtOnce = 100;
/** An address has some 28,000 ports, and the more of them are taken the longer a free one is looked for. */
const followersPerAddress = 4000;
/** All of 127.0.0.0/8 is this machine; each load process comes from a corner of its own. */
const network = `127.${1 + Math.floor(Math.random() * 250)}.${Math.floor(Math.random() * 250)}`;

/** `listen` is told of every event: its text is bytes[start..end], and only now. */
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
  let fault: Error | undefined;
  let sample = '';

  function connect(place: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const follower: Follower = { heard: first };
      followers.push(follower);
      openSocket({
        url,
        protocol,
        from: `${network}.${1 + Math.floor(place / followersPerAddress)}`,
        opened(socket) {
          follower.socket = socket;
          if (preludes === 0) resolve();
          else socket.send(init(tokens[Math.floor(place / followersPerUser)]));
        },
        hear(bytes, start, end) {
          follower.heard++;
          if (follower.heard === first + 1 && preludes > 0)
            follower.socket!.send(
              subscribe(randomUUID(), subscriptions[place % subscriptions.length]!),
            );
          if (follower.heard === 0) resolve();
          if (follower.heard <= 0) return;
          if (place === 0) sample = bytes.toString('utf8', start, end);
          listen?.(bytes, start, end);
          if (++total === awaited) reached();
        },
        ended(why) {
          fault = new Error(`A follower was cut off: ${why}`);
          reject(fault);
        },
      });
    });
  }

  /** Resolves when what is awaited is reached, or nothing has come for so long. */
  function standstill(patienceMs: number): Promise<void> {
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
          Array.from({ length: Math.min(connectingAtOnce, size - from) }, (_, place) =>
            connect(from + place),
          ),
        );
      }
    },
    cut() {
      for (const { socket } of followers) socket?.cut();
      followers = [];
    },
    forget() {
      total = 0;
      for (const follower of followers) follower.heard = 0;
    },
    async haveHeard(events, patienceMs = 20_000) {
      awaited = events * followers.length;
      if (total < awaited) await standstill(patienceMs);
      if (fault) throw fault;
      const wrong = followers.find(({ heard }) => heard !== events);
      if (wrong)
        throw new Error(
          `A follower heard ${wrong.heard} events instead of ${events}, and all together ${total} of ${awaited}. The last: ${sample}`,
        );
    },
  };
}
