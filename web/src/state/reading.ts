/** What is heard while an answer is on its way may be newer than it. */
export interface Reading {
  /** Changes something: now, and once more after each answer that is on its way. */
  hear(change: () => void): void;
  read<Answer>(ask: () => Promise<Answer>, take: (answer: Answer) => void): Promise<void>;
}

export function createReading(): Reading {
  const heard: (() => void)[] = [];
  let onTheirWay = 0;

  return {
    hear(change) {
      change();
      if (onTheirWay > 0) heard.push(change);
    },
    async read(ask, take) {
      onTheirWay++;
      try {
        take(await ask());
        for (const change of heard) change();
      } finally {
        if (--onTheirWay === 0) heard.length = 0;
      }
    },
  };
}
