import { expect, it } from 'vitest';
import { nextEvents } from '../../src/server/event-stream.ts';

const payloads = [Buffer.from('{"data":{"one":"é"}}'), Buffer.from('{"data":null}')];

it('encodes each payload as one `next` event', () => {
  expect(nextEvents(payloads).toString()).toBe(
    'event: next\ndata: {"data":{"one":"é"}}\n\nevent: next\ndata: {"data":null}\n\n',
  );
});

it('encodes the same payloads once for all subscribers', () => {
  const bytes = nextEvents(payloads);
  expect(nextEvents(payloads)).toBe(bytes);
  expect(nextEvents([...payloads])).not.toBe(bytes);
  expect(nextEvents([...payloads])).toEqual(bytes);
});
