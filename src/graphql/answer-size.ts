import { tooComplex, type Refusal } from '../errors.ts';

/** Memory of a connection, from which its answers take as they grow. */
export interface AnswerMemory {
  /** Answers with a refusal when the connection, or the node, has no more to give. */
  take(bytes: number): Refusal | undefined;
  giveBack(bytes: number): void;
}

/** So much is taken at once. */
const stepBytes = 64 * 1024;

/**
 * The bytes of one answer, counted while its fields are resolved, so that an answer that is too large is given up before it takes up
 * memory. Counts names and values as UTF-8, before JSON escapes them.
 */
export class AnswerSize {
  readonly #maxBytes: number;
  readonly #memory: AnswerMemory | undefined;
  #bytes = 0;
  #taken = 0;
  #refusal: Error | undefined;

  constructor(maxBytes: number, memory?: AnswerMemory) {
    this.#maxBytes = maxBytes;
    this.#memory = memory;
  }

  /** Why the answer was given up; undefined if it was not. */
  get refusal(): Error | undefined {
    return this.#refusal;
  }

  /** Throws the refusal if the answer was given up: nothing more is read for it. */
  check(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
  }

  add(bytes: number): void {
    this.check();
    this.#bytes += bytes;
    if (this.#bytes > this.#maxBytes)
      this.#refusal = tooComplex(
        `The answer is larger than ${this.#maxBytes} bytes. Ask for less at once: smaller pages (\`first\`), or several operations.`,
      );
    else if (this.#bytes > this.#taken) this.#refusal = this.#take();
    this.check();
  }

  /** Gives back what was taken. To be called once, after the answer was handed to its connection. */
  release(): void {
    if (this.#taken > 0) this.#memory?.giveBack(this.#taken);
    this.#taken = 0;
  }

  #take(): Refusal | undefined {
    const bytes = Math.ceil((this.#bytes - this.#taken) / stepBytes) * stepBytes;
    const refusal = this.#memory?.take(bytes);
    if (!refusal) this.#taken += bytes;
    return refusal;
  }
}
