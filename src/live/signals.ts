import type { Bus } from '../cluster/bus.ts';
import { decodeFacts, encodeFacts, type EncodedFacts } from '../events/facts.ts';
import type { CurrentSignal, Signal, Signals } from '../events/signal.ts';

type EncodedSignal = Omit<Signal, 'facts'> & { readonly facts?: EncodedFacts };

declare module '../cluster/bus.ts' {
  interface Hints {
    readonly signal: EncodedSignal;
  }
}

type Listener = (signal: CurrentSignal, isOver: boolean) => void;

interface Timed {
  readonly signal: CurrentSignal;
  readonly expiry: NodeJS.Timeout;
}

/**
 * Keeps the current signals of all nodes. Each node expires them by itself, so a node that dies
 * leaves none behind.
 */
export function openSignals(bus: Bus): Signals & Disposable {
  const channels = new Map<string, Map<string, Timed>>();
  const channelsOf = new Map<string, Set<string>>();
  const listeners = new Map<string, Set<Listener>>();

  const notify = (signal: CurrentSignal, isOver: boolean) => {
    for (const listener of listeners.get(signal.channel) ?? []) listener(signal, isOver);
  };

  const signalsOf = (userId: string, channel: string): CurrentSignal[] =>
    [...(channels.get(channel)?.values() ?? [])]
      .map(({ signal }) => signal)
      .filter((signal) => signal.userId === userId);

  function apply(signal: Signal): void {
    const former = remove(signal);
    if (signal.lifeMs <= 0) {
      if (former) notify(former, true);
      return;
    }
    const since = Date.now();
    const current: CurrentSignal = { ...signal, since, expiresAt: since + signal.lifeMs };
    const expiry = setTimeout(() => apply({ ...signal, lifeMs: 0 }), signal.lifeMs);
    const inChannel = getOrCreate(channels, signal.channel, () => new Map<string, Timed>());
    inChannel.set(signal.key, { signal: current, expiry });
    getOrCreate(channelsOf, signal.userId, () => new Set<string>()).add(signal.channel);
    notify(current, false);
  }

  function remove({ channel, key, userId }: Signal): CurrentSignal | undefined {
    const inChannel = channels.get(channel);
    const removed = inChannel?.get(key);
    if (!inChannel || !removed) return undefined;
    clearTimeout(removed.expiry);
    inChannel.delete(key);
    if (inChannel.size === 0) channels.delete(channel);
    if (signalsOf(userId, channel).length === 0) removeChannelOf(userId, channel);
    return removed.signal;
  }

  function removeChannelOf(userId: string, channel: string): void {
    const ofUser = channelsOf.get(userId);
    ofUser?.delete(channel);
    if (ofUser?.size === 0) channelsOf.delete(userId);
  }

  const publish = (signal: Signal) => {
    apply(signal);
    const { facts, ...rest } = signal;
    bus.publish('signal', facts ? { ...rest, facts: encodeFacts(facts) } : rest);
  };

  bus.listen('signal', ({ facts, ...rest }) =>
    apply(facts ? { ...rest, facts: decodeFacts(facts) } : rest),
  );

  return {
    publish,
    end(userId, channel) {
      const names = channel === undefined ? [...(channelsOf.get(userId) ?? [])] : [channel];
      for (const name of names)
        for (const { key } of signalsOf(userId, name))
          publish({ channel: name, key, userId, lifeMs: 0 });
    },
    endHere(userId, channel) {
      for (const signal of signalsOf(userId, channel)) apply({ ...signal, lifeMs: 0 });
    },
    current: (channel) => [...(channels.get(channel)?.values() ?? [])].map(({ signal }) => signal),
    listen(channel, listener) {
      const ofChannel = getOrCreate(listeners, channel, () => new Set<Listener>());
      ofChannel.add(listener);
      return () => {
        ofChannel.delete(listener);
        if (ofChannel.size === 0 && listeners.get(channel) === ofChannel) listeners.delete(channel);
      };
    },
    [Symbol.dispose]() {
      for (const inChannel of channels.values())
        for (const { expiry } of inChannel.values()) clearTimeout(expiry);
      channels.clear();
    },
  };
}

function getOrCreate<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = create()));
  return value;
}
