import { EventEmitter } from 'node:events';
import type { Bus } from './bus.ts';

/** Between the nodes of one process that share the wire; alone on a wire of its own, a node has nobody to tell. */
export function openMemoryBus(wire = new EventEmitter().setMaxListeners(0)): Bus {
  const node = Symbol();
  const hearers: ((message: unknown) => void)[] = [];
  const hear = (from: symbol, text: string) => {
    if (from !== node) for (const listener of hearers) listener(JSON.parse(text));
  };
  wire.on('message', hear);
  return {
    isUp: true,
    publish: (_key, message) => void wire.emit('message', node, JSON.stringify(message)),
    listen: (listener) => void hearers.push(listener),
    onReturn: () => {},
    async [Symbol.asyncDispose]() {
      wire.off('message', hear);
    },
  };
}
