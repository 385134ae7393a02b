import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parse } from 'graphql';
import { LRUCache } from 'lru-cache';
import { describe, expect, it } from 'vitest';
import { DocumentCache } from '../../src/graphql/document-cache.ts';

const maxBytes = 1024 * 1024;
const textOf = (place: number, fields = 200) =>
  `{ f${place} ${Array.from({ length: fields }, () => 'a').join(' ')} }`;
const common = ['query Common { viewer { id } }', '{ serverInfo { version } }'];

/** One client sends new documents, each twice, while two others repeat theirs. */
function flood(
  cache: { get(text: string, address: string): unknown; add(text: string, address: string): void },
  documents: number,
): void {
  const send = (text: string, address: string) =>
    void (cache.get(text, address) ?? cache.add(text, address));
  for (const address of ['ann', 'bob']) for (const text of common) send(text, address);
  for (let place = 0; place < documents; place++)
    for (let time = 0; time < 2; time++) send(textOf(place), 'eve');
}

const caching = (cache: DocumentCache) => ({
  get: (text: string, address: string) => cache.get(text, address),
  add: (text: string, address: string) => cache.add(text, parse(text), address),
});

describe('the cache of documents', () => {
  it('[P13] is bounded by memory for any number of documents', () => {
    const cache = new DocumentCache(maxBytes);
    flood(caching(cache), 500);
    expect(cache.bytes).toBeLessThanOrEqual(maxBytes);
  });

  it('[P13] keeps the documents of several addresses during a flood from one of them', () => {
    const cache = new DocumentCache(maxBytes);
    flood(caching(cache), 500);
    for (const text of common) expect(cache.get(text, 'cleo')).toBeDefined();
  });

  it('[P13] control: a cache of the latest documents loses them', () => {
    const cache = new LRUCache<string, object>({
      maxSize: maxBytes,
      sizeCalculation: () => 66_000,
    });
    flood(
      {
        get: (text) => cache.get(text),
        add: (text) => void cache.set(text, parse(text)),
      },
      500,
    );
    for (const text of common) expect(cache.get(text)).toBeUndefined();
  });

  it('keeps the documents of one address without a flood', () => {
    const cache = new DocumentCache(maxBytes);
    const document = parse(common[0]!);
    cache.add(common[0]!, document, 'ann');
    expect(cache.get(common[0]!, 'ann')).toBe(document);
    expect(cache.get(common[0]!, 'bob')).toBe(document);
  });

  it('does not keep a document that is larger than its share', () => {
    const cache = new DocumentCache(10_000);
    cache.add(textOf(0, 1000), parse(textOf(0, 1000)), 'ann');
    expect([cache.bytes, cache.get(textOf(0, 1000), 'ann')]).toEqual([0, undefined]);
  });

  it('[P13] counts at least the memory that its documents use', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const cache = new DocumentCache(1024 * 1024 * 1024);
    const texts = Array.from({ length: 100 }, (_, place) => textOf(place, 800));
    collect();
    const before = process.memoryUsage().heapUsed;
    for (const text of texts) cache.add(text, parse(text), 'ann');
    collect();
    const taken = process.memoryUsage().heapUsed - before;
    expect(taken).toBeGreaterThan(cache.bytes / 4);
    expect(taken).toBeLessThan(cache.bytes);
  });
});
