import { visit, type DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** The memory of a parsed document in bytes per node. Measured: 165 to 250, and 310 once. */
const bytesPerNode = 320;
/** The memory of a cache entry without its document, in bytes. */
const bytesPerEntry = 1024;

interface Entry {
  readonly document: DocumentNode;
  readonly bytes: number;
  /** The address that sent it first. */
  readonly address: string;
}

/**
 * Valid documents by their text, within a bound of memory. A document that only one address has
 * sent can evict only other such documents. When a second address sends it, it moves to the common
 * half, so a flood from one address evicts nothing that others use [P13].
 */
export class DocumentCache {
  readonly #common: LRUCache<string, Entry>;
  readonly #newcomers: LRUCache<string, Entry>;

  /** Each half has half of the bytes. */
  constructor(maxBytes: number) {
    const options = {
      maxSize: Math.max(1, Math.floor(maxBytes / 2)),
      sizeCalculation: ({ bytes }: Entry) => bytes,
    };
    this.#common = new LRUCache(options);
    this.#newcomers = new LRUCache(options);
  }

  get(text: string, address: string): DocumentNode | undefined {
    const common = this.#common.get(text);
    if (common) return common.document;
    const newcomer = this.#newcomers.get(text);
    if (newcomer && newcomer.address !== address) {
      this.#newcomers.delete(text);
      this.#common.set(text, newcomer);
    }
    return newcomer?.document;
  }

  add(text: string, document: DocumentNode, address: string): void {
    prune(document);
    const bytes = bytesPerEntry + documentBytes(document);
    this.#newcomers.set(text, { document, bytes, address });
  }

  /** The memory of the cached documents in bytes. */
  get bytes(): number {
    return this.#common.calculatedSize + this.#newcomers.calculatedSize;
  }
}

/** The memory of a parsed document, with its text, in bytes. */
export function documentBytes(document: DocumentNode): number {
  let nodes = 0;
  visit(document, { enter: () => void nodes++ });
  return 2 * (document.loc?.source.body.length ?? 0) + bytesPerNode * nodes;
}

/**
 * Removes the tokens, which the parser links to each other and to the nodes: a third of the memory.
 * The positions that errors report stay.
 */
function prune(document: DocumentNode): void {
  visit(document, {
    enter({ loc }) {
      if (loc) Object.assign(loc, { startToken: undefined, endToken: undefined });
    },
  });
}
