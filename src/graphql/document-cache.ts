import { visit, type DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Memory of a parsed document, in bytes for each of its nodes: 165 to 250 were measured, and 310 once. */
const bytesPerNode = 320;
/** What the cache itself keeps for a document. */
const bytesPerEntry = 1024;

interface Entry {
  readonly document: DocumentNode;
  readonly bytes: number;
  /** The address that sent it first. */
  readonly address: string;
}

/**
 * Valid documents by their text, within so many bytes of memory. A document that one address alone sends can only displace others of which
 * that holds; with the second address it becomes common, and stays as long as it is among those used last.
 */
export class DocumentCache {
  readonly #common: LRUCache<string, Entry>;
  readonly #newcomers: LRUCache<string, Entry>;

  /** Half of the bytes are for each of the two. */
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
    const bytes = bytesPerEntry + 2 * text.length + bytesPerNode * prune(document);
    this.#newcomers.set(text, { document, bytes, address });
  }

  /** What the documents in it take, in bytes. */
  get bytes(): number {
    return this.#common.calculatedSize + this.#newcomers.calculatedSize;
  }
}

/**
 * Lets go of the tokens, which the parser chains to each other and to the nodes: a third of the memory. What errors tell of the place stays.
 * Returns the number of nodes.
 */
function prune(document: DocumentNode): number {
  let nodes = 0;
  visit(document, {
    enter({ loc }) {
      nodes++;
      if (loc) Object.assign(loc, { startToken: undefined, endToken: undefined });
    },
  });
  return nodes;
}
