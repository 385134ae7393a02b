import { EventEmitter } from 'node:events';
import type { Bus } from './bus.ts';
import { createHintListeners } from './hint-listeners.ts';

/**
 * Connects the nodes of one process that share the wire. With a wire of its own, a node has no
 * others.
 */
export function openMemoryBus(wire = new EventEmitter().setMaxListeners(0)): Bus {
  const node = Symbol();
  const listeners = createHintListeners();
  const receive = (from: symbol, text: string) => {
    if (from !== node) listeners.deliver(JSON.parse(text));
  };
  wire.on('message', receive);
  return {
    isUp: true,
    publish: (kind, content) => void wire.emit('message', node, JSON.stringify({ kind, content })),
    listen: listeners.listen,
    onReturn: () => {},
    async [Symbol.asyncDispose]() {
      wire.off('message', receive);
    },
  };
}
