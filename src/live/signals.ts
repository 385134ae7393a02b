import type { Bus } from '../cluster/bus.ts';
import type { HeldSignal, Signal, Signals } from '../events/signal.ts';

/** What nodes tell each other; a node of another version may tell other things. */
interface Hint {
  readonly signal?: Signal;
}

type Listener = (signal: HeldSignal, isOver: boolean) => void;

interface Held {
  readonly signal: HeldSignal;
  readonly expiry: NodeJS.Timeout;
}

/** All signals that hold, on this node as on every other. Each node ends them by itself, so that a node that dies leaves none. */
export function openSignals(bus: Bus): Signals & Disposable {
  const channels = new Map<string, Map<string, Held>>();
  const channelsOf = new Map<string, Set<string>>();
  const listeners = new Map<string, Set<Listener>>();

  const tell = (signal: HeldSignal, isOver: boolean) => {
    for (const listener of listeners.get(signal.channel) ?? []) listener(signal, isOver);
  };

  const signalsOf = (userId: string, channel: string): HeldSignal[] =>
    [...(channels.get(channel)?.values() ?? [])]
      .map(({ signal }) => signal)
      .filter((signal) => signal.userId === userId);

  function take(signal: Signal): void {
    const wasHeld = remove(signal);
    if (signal.lifeMs <= 0) {
      if (wasHeld) tell(wasHeld, true);
      return;
    }
    const since = Date.now();
    const held: HeldSignal = { ...signal, since, expiresAt: since + signal.lifeMs };
    const expiry = setTimeout(() => take({ ...signal, lifeMs: 0 }), signal.lifeMs);
    setOf(channels, signal.channel, () => new Map<string, Held>()).set(signal.key, {
      signal: held,
      expiry,
    });
    setOf(channelsOf, signal.userId, () => new Set<string>()).add(signal.channel);
    tell(held, false);
  }

  function remove({ channel, key, userId }: Signal): HeldSignal | undefined {
    const inChannel = channels.get(channel);
    const held = inChannel?.get(key);
    if (!inChannel || !held) return undefined;
    clearTimeout(held.expiry);
    inChannel.delete(key);
    if (inChannel.size === 0) channels.delete(channel);
    if (signalsOf(userId, channel).length === 0) {
      const ofUser = channelsOf.get(userId);
      ofUser?.delete(channel);
      if (ofUser?.size === 0) channelsOf.delete(userId);
    }
    return held.signal;
  }

  const publish = (signal: Signal) => {
    take(signal);
    bus.publish(signal.channel, { signal } satisfies Hint);
  };

  bus.listen((message) => {
    const { signal } = message as Hint;
    if (signal) take(signal);
  });

  return {
    publish,
    end(userId, channel) {
      for (const name of channel === undefined ? [...(channelsOf.get(userId) ?? [])] : [channel])
        for (const { since: _since, expiresAt: _expiresAt, facts: _facts, ...signal } of signalsOf(
          userId,
          name,
        ))
          publish({ ...signal, lifeMs: 0 });
    },
    endHere(userId, channel) {
      for (const signal of signalsOf(userId, channel)) take({ ...signal, lifeMs: 0 });
    },
    held: (channel) => [...(channels.get(channel)?.values() ?? [])].map(({ signal }) => signal),
    listen(channel, listener) {
      const ofChannel = setOf(listeners, channel, () => new Set<Listener>());
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

function setOf<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
