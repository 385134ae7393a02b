/** A random generator with a seed. */
export interface Random {
  /** From 0 up to 1. */
  next(): number;
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  shuffle<Item>(items: readonly Item[]): Item[];
  /** A separate generator for this name, independent of others. */
  fork(name: string): Random;
}

/** Mulberry32: 32 bits of state, good enough for choosing. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const random: Random = {
    next,
    between: (low, high) => low + next() * (high - low),
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)]!,
    shuffle(items) {
      const shuffled = [...items];
      for (let place = shuffled.length - 1; place > 0; place--) {
        const other = Math.floor(next() * (place + 1));
        [shuffled[place], shuffled[other]] = [shuffled[other]!, shuffled[place]!];
      }
      return shuffled;
    },
    fork: (name) =>
      createRandom(
        [...name].reduce(
          (hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16_777_619),
          seed ^ 0x811c9dc5,
        ),
      ),
  };
  return random;
}
