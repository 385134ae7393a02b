/**
 * Reconciles loaded answers with live events: an event that arrives while an answer is loading may
 * be newer than the answer.
 */
export interface Reconciler {
  /** Applies a change: now, and again after each answer that is loading. */
  apply(change: () => void): void;
  /** `take` also receives the time of the request. */
  load<Answer>(
    ask: () => Promise<Answer>,
    take: (answer: Answer, askedAt: number) => void,
  ): Promise<void>;
}

export function createReconciler(): Reconciler {
  const changes: (() => void)[] = [];
  let loading = 0;

  return {
    apply(change) {
      change();
      if (loading > 0) changes.push(change);
    },
    async load(ask, take) {
      loading++;
      const askedAt = Date.now();
      try {
        take(await ask(), askedAt);
        for (const change of changes) change();
      } finally {
        if (--loading === 0) changes.length = 0;
      }
    },
  };
}
