import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';

/**
 * The newest message, and how far the viewer has read. Both only grow, so updates can arrive in any
 * order.
 */
export interface Progress {
  /** 0 if there is no message. */
  readonly newestSeq: number;
  readonly lastReadSeq: number;
  /**
   * The number of messages between the two that do not count, such as deleted ones, if the server
   * was asked for it.
   */
  readonly uncountedCount?: number;
  /** When the server was asked for it. */
  readonly askedAt?: number;
}

/** The number of unread messages of one conversation. */
export interface UnreadCount {
  readonly unread: ReadonlySignal<number>;
  readonly marked: ReadonlySignal<number>;
  advance(progress: Progress): void;
  /** A message was deleted, or is a system message. */
  messageUncounted(seq: number): void;
  messagesImported(range: ImportedRange): void;
  messagesExpired(upToSeq: number): void;
}

export interface ImportedRange {
  readonly fromSeq: number;
  readonly toSeq: number;
}

interface ReceivedRange extends ImportedRange {
  readonly receivedAt: number;
}

/** An event that an answer may already contain arrives within this time after it. */
const lateMs = 3000;
const recountAfterMs = 2000;
/** In a busy conversation, each answer may differ from the events. */
const recountsInARow = 3;

/**
 * An answer of the server and the events about it arrive in any order. If a deletion arrives around
 * an answer, nothing tells whether the answer contains it, so the server is asked again when it is
 * quiet. `recount` asks it.
 */
export function createUnreadCount(
  loaded: Progress,
  recount: () => Promise<Progress | undefined>,
): UnreadCount {
  const newest = signal(loaded.newestSeq);
  const marked = signal(loaded.lastReadSeq);
  const counted = signal<Progress>(loaded);
  /** The messages that do not count, as received after the count, and when that was. */
  const uncounted = signal<ReadonlyMap<number, number>>(new Map());
  const imported = signal<readonly ReceivedRange[]>([]);
  const expired = signal(0);
  let countedAt = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let recounts = 0;

  // All of them are by others, because the viewer's own messages move the read marker, or do not
  // count.
  const unread = computed(() => {
    const after = Math.max(marked.value, expired.value);
    const { lastReadSeq, uncountedCount = 0 } = counted.value;
    const single = [...uncounted.value.keys()].filter((seq) => seq > after).length;
    const inRanges = imported.value
      .map(({ fromSeq, toSeq }) => Math.max(0, toSeq - Math.max(fromSeq - 1, after)))
      .reduce((sum, one) => sum + one, 0);
    const before = lastReadSeq === after ? uncountedCount : 0;
    return Math.max(0, newest.value - after - single - inRanges - before);
  });

  function recountSoon(): void {
    clearTimeout(timer);
    if (recounts < recountsInARow) timer = setTimeout(ask, recountAfterMs);
  }

  function ask(): void {
    recounts++;
    recount()
      .then((progress) => progress && advance(progress))
      .catch(() => {});
  }

  function advance(progress: Progress): void {
    const isUpToDate = progress.newestSeq === newest.value;
    batch(() => {
      newest.value = Math.max(newest.value, progress.newestSeq);
      marked.value = Math.max(marked.value, progress.lastReadSeq);
      if (progress.uncountedCount !== undefined) count(progress, isUpToDate);
    });
  }

  function count(progress: Progress, isUpToDate: boolean): void {
    const { askedAt = 0, uncountedCount } = progress;
    const during = [...uncounted.value].filter(([, receivedAt]) => receivedAt >= askedAt);
    counted.value = progress;
    uncounted.value = new Map(during);
    const importsDuring = imported.value.filter(({ receivedAt }) => receivedAt >= askedAt);
    imported.value = importsDuring;
    countedAt = Date.now();
    // The server reads the newest message and the count one after the other.
    if (during.length + importsDuring.length > 0 || (uncountedCount !== 0 && !isUpToDate))
      recountSoon();
    else recounts = 0;
  }

  return {
    unread,
    marked,
    advance,
    messageUncounted(seq) {
      if (seq <= marked.value) return;
      uncounted.value = new Map(uncounted.value).set(seq, Date.now());
      if (Date.now() - countedAt < lateMs) recountSoon();
    },
    messagesImported({ fromSeq, toSeq }) {
      const received = { fromSeq, toSeq, receivedAt: Date.now() };
      batch(() => {
        imported.value = [...imported.value, received];
        newest.value = Math.max(newest.value, toSeq);
      });
      recountSoon();
    },
    messagesExpired(upToSeq) {
      expired.value = Math.max(expired.value, upToSeq);
    },
  };
}
