import { LRUCache } from 'lru-cache';

/** The number of addresses with an account. An evicted address has its full allowance again. */
const maxAddresses = 20_000;

interface Account {
  characters: number;
  since: number;
}

/**
 * A token bucket for the parsing and validation of new documents: each address has `burst`
 * characters at once, and `perSecond` more each second. The work for a character is bounded (see
 * document-bounds.ts), so this limits CPU, and refuses the same documents on every run.
 */
export class DocumentAllowance {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #accounts = new LRUCache<string, Account>({ max: maxAddresses });

  constructor(burst: number, perSecond: number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
  }

  /**
   * Takes these characters and returns 0. If the allowance is used up, it takes nothing and returns
   * the time to wait in ms.
   */
  take(address: string, characters: number, now = Date.now()): number {
    const account = this.#accounts.get(address) ?? { characters: this.#burst, since: now };
    const left = Math.min(
      this.#burst,
      account.characters + (Math.max(0, now - account.since) * this.#perSecond) / 1000,
    );
    // A document may be longer than the rest of the allowance. The next one waits until the debt is
    // paid.
    const waitMs = left > 0 ? 0 : Math.ceil(((1 - left) * 1000) / this.#perSecond);
    this.#accounts.set(address, {
      characters: waitMs > 0 ? left : left - characters,
      since: now,
    });
    return waitMs;
  }
}
