import type { Bus } from '../cluster/bus.ts';
import type { Broadcast, Broadcasts } from '../events/broadcast.ts';
import { decodeFacts, encodeFacts, type EncodedFacts } from '../events/facts.ts';

interface EncodedBroadcast extends Omit<Broadcast, 'facts'> {
  readonly channels: readonly string[];
  readonly facts?: EncodedFacts;
}

declare module '../cluster/bus.ts' {
  interface Hints {
    readonly broadcast: EncodedBroadcast;
  }
}

const lifeMs = 5000;

/** A channel with listeners on this node. */
interface Channel {
  readonly listeners: Set<(broadcast: Broadcast) => void>;
  /** By key, the oldest first, with the time of their arrival. */
  readonly latest: Map<string, { readonly broadcast: Broadcast; readonly at: number }>;
}

/**
 * The broadcasts of all nodes. A channel without listeners on this node takes no memory. Broadcasts
 * are kept for a few seconds, for clients that read slowly [P13].
 */
export function openBroadcasts(bus: Bus): Broadcasts & Disposable {
  const channels = new Map<string, Channel>();

  function deliver(names: readonly string[], broadcast: Broadcast): void {
    for (const name of names) {
      const channel = channels.get(name);
      if (!channel) continue;
      channel.latest.delete(broadcast.key);
      channel.latest.set(broadcast.key, { broadcast, at: Date.now() });
      for (const listener of channel.listeners) listener(broadcast);
    }
  }

  function forgetOld({ latest }: Channel): void {
    const oldest = Date.now() - lifeMs;
    for (const [key, { at }] of latest) {
      if (at > oldest) return;
      latest.delete(key);
    }
  }

  bus.listen('broadcast', ({ channels: names, facts, ...rest }) =>
    deliver(names, facts ? { ...rest, facts: decodeFacts(facts) } : rest),
  );
  const sweep = setInterval(() => channels.forEach(forgetOld), lifeMs);

  return {
    lifeMs,
    publish(names, broadcast) {
      deliver(names, broadcast);
      const { facts, ...rest } = broadcast;
      const encoded = { ...rest, channels: names };
      bus.publish('broadcast', facts ? { ...encoded, facts: encodeFacts(facts) } : encoded);
    },
    listen(name, listener) {
      const channel = channels.get(name) ?? { listeners: new Set(), latest: new Map() };
      channels.set(name, channel);
      channel.listeners.add(listener);
      return () => {
        channel.listeners.delete(listener);
        if (channel.listeners.size === 0) channels.delete(name);
      };
    },
    latest(name) {
      const channel = channels.get(name);
      if (!channel) return [];
      forgetOld(channel);
      return [...channel.latest.values()].map(({ broadcast }) => broadcast);
    },
    [Symbol.dispose]() {
      clearInterval(sweep);
    },
  };
}
