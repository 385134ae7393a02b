import { LRUCache } from 'lru-cache';

/** So many addresses are told apart; who is forgotten has their whole allowance again. */
const mostAddresses = 20_000;

interface Account {
  characters: number;
  since: number;
}

/**
 * How much new text each address may have parsed and validated: `burst` characters at once, and `perSecond` of them again each second. The
 * work for a character is bounded, see document-bounds, so this is a share of the processor, and the same on every run.
 */
export class DocumentAllowance {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #accounts = new LRUCache<string, Account>({ max: mostAddresses });

  constructor(burst: number, perSecond: number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
  }

  /** Takes these characters. Returns 0, or how many ms to wait when nothing is left, and takes nothing then. */
  take(address: string, characters: number, now = Date.now()): number {
    const account = this.#accounts.get(address) ?? { characters: this.#burst, since: now };
    const left = Math.min(
      this.#burst,
      account.characters + (Math.max(0, now - account.since) * this.#perSecond) / 1000,
    );
    // The last document may be longer than what is left: what it owes is waited for by the next.
    const waitMs = left > 0 ? 0 : Math.ceil(((1 - left) * 1000) / this.#perSecond);
    this.#accounts.set(address, {
      characters: waitMs > 0 ? left : left - characters,
      since: now,
    });
    return waitMs;
  }
}
