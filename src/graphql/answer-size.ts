import { tooComplex, type Refusal } from '../errors.ts';

/** The memory budget of a connection for the answers under construction. */
export interface AnswerMemory {
  /**
   * Reserves bytes. Returns a refusal if the budget of the connection or of the node is used up.
   */
  take(bytes: number): Refusal | undefined;
  giveBack(bytes: number): void;
}

/** The unit in which memory is reserved. */
const stepBytes = 64 * 1024;
/** The unit in which values are charged. */
const stepValues = 1000;

/** Charges values of an answer. Returns a refusal if there are too many. */
export type ChargeValues = (values: number) => Refusal | undefined;

/**
 * The bytes of one answer, counted while its fields are resolved, so that an oversized answer is
 * abandoned before it fills the memory, and its values, whose number is the work of an execution.
 * Counts names and values as UTF-8, before JSON escapes them.
 */
export class AnswerSize {
  readonly #maxBytes: number;
  readonly #memory: AnswerMemory | undefined;
  readonly #charge: ChargeValues | undefined;
  #bytes = 0;
  /** Values that are not charged yet. */
  #values = 0;
  #taken = 0;
  #refusal: Error | undefined;

  constructor(maxBytes: number, memory?: AnswerMemory, charge?: ChargeValues) {
    this.#maxBytes = maxBytes;
    this.#memory = memory;
    this.#charge = charge;
  }

  /** The reason for which the answer was abandoned; undefined if it was not. */
  get refusal(): Error | undefined {
    return this.#refusal;
  }

  /** Throws the refusal if the answer was abandoned, so that no further field is resolved. */
  check(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
  }

  add(bytes: number): void {
    this.check();
    this.#bytes += bytes;
    if (this.#bytes > this.#maxBytes)
      this.#refusal = tooComplex(
        `The answer is larger than ${this.#maxBytes} bytes. Request less at once: smaller pages (\`first\`), or several operations.`,
      );
    else if (this.#bytes > this.#taken) this.#refusal = this.#take();
    if (++this.#values >= stepValues) this.#refusal ??= this.#chargeValues();
    this.check();
  }

  /** Releases the reserved memory. Call it once, after the answer was passed to its connection. */
  release(): void {
    if (this.#taken > 0) this.#memory?.giveBack(this.#taken);
    this.#taken = 0;
    this.#chargeValues();
  }

  #chargeValues(): Refusal | undefined {
    const values = this.#values;
    this.#values = 0;
    return this.#charge?.(values);
  }

  #take(): Refusal | undefined {
    const bytes = Math.ceil((this.#bytes - this.#taken) / stepBytes) * stepBytes;
    const refusal = this.#memory?.take(bytes);
    if (!refusal) this.#taken += bytes;
    return refusal;
  }
}
