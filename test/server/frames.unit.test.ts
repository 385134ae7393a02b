import type { Writable } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as ws from 'ws';
import { nextFrames, operationIdText } from '../../src/server/frames.ts';

// Exported, and left out of the types.
const { Receiver } = ws as unknown as {
  Receiver: new (options: { isServer: boolean }) => Writable;
};

/** The messages that a WebSocket client parses from these bytes. */
function read(bytes: Buffer): unknown[] {
  const messages: unknown[] = [];
  const receiver = new Receiver({ isServer: false });
  receiver.on('message', (data: Buffer, isBinary: boolean) =>
    messages.push(isBinary ? 'binary' : JSON.parse(data.toString())),
  );
  receiver.on('error', (error: Error) => messages.push(error.message));
  receiver.write(bytes);
  return messages;
}

const framesOf = (id: string, payloads: readonly Buffer[]) =>
  Buffer.from(nextFrames(operationIdText(id), payloads), 'latin1');
const encode = (results: readonly unknown[]) =>
  results.map((result) => Buffer.from(JSON.stringify(result)));

it('[P1] every result reaches each follower unchanged, with any characters, length and operation id', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.string({ unit: 'binary', maxLength: 50 }),
    fc.constantFrom(60, 61, 62, 65_470, 65_480, 65_490, 70_000).map((length) => 'x'.repeat(length)),
  );
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { minLength: 1, maxLength: 4 }),
      fc.array(text, { minLength: 1, maxLength: 3 }),
      (ids, results) => {
        const payloads = encode(results);
        for (const id of ids)
          expect(read(framesOf(id, payloads))).toEqual(
            results.map((payload) => ({ id, type: 'next', payload })),
          );
      },
    ),
  );
});

it('[P1] frames are correct at each length where the form of their header changes', () => {
  const around = (edge: number) => Array.from({ length: 12 }, (_, place) => edge - 6 + place);
  const bare = '{"id":"1","type":"next","payload":""}'.length;
  for (const length of [...around(125), ...around(65_535)]) {
    const result = 'x'.repeat(length - bare);
    const frame = framesOf('1', encode([result]));
    expect(frame.length - length).toBe(length <= 125 ? 2 : length <= 65_535 ? 4 : 10);
    expect(read(frame)).toEqual([{ id: '1', type: 'next', payload: result }]);
  }
});
