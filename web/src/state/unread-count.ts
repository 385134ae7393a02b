import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';

/**
 * The newest message, and how far the viewer has read. Both only grow, so updates can arrive in any
 * order.
 */
export interface Progress {
  /** 0 if there is no message. */
  readonly newestSeq: number;
  readonly lastReadSeq: number;
  /** The number of deleted messages between the two, if the server was asked for it. */
  readonly deletedCount?: number;
  /** When the server was asked for it. */
  readonly askedAt?: number;
}

/** The number of unread messages of one conversation. */
export interface UnreadCount {
  readonly unread: ReadonlySignal<number>;
  readonly marked: ReadonlySignal<number>;
  advance(progress: Progress): void;
  messageDeleted(seq: number): void;
  messagesExpired(upToSeq: number): void;
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
  /** The messages that were deleted after the count, and when that was received. */
  const deleted = signal<ReadonlyMap<number, number>>(new Map());
  const expired = signal(0);
  let countedAt = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let recounts = 0;

  // All of them are by others, because the viewer's own messages move the read marker.
  const unread = computed(() => {
    const after = Math.max(marked.value, expired.value);
    const { lastReadSeq, deletedCount = 0 } = counted.value;
    const since = [...deleted.value.keys()].filter((seq) => seq > after).length;
    const gone = since + (lastReadSeq === after ? deletedCount : 0);
    return Math.max(0, newest.value - after - gone);
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
      if (progress.deletedCount !== undefined) count(progress, isUpToDate);
    });
  }

  function count(progress: Progress, isUpToDate: boolean): void {
    const { askedAt = 0, deletedCount } = progress;
    const during = [...deleted.value].filter(([, receivedAt]) => receivedAt >= askedAt);
    counted.value = progress;
    deleted.value = new Map(during);
    countedAt = Date.now();
    // The server reads the newest message and the count one after the other.
    if (during.length > 0 || (deletedCount !== 0 && !isUpToDate)) recountSoon();
    else recounts = 0;
  }

  return {
    unread,
    marked,
    advance,
    messageDeleted(seq) {
      if (seq <= marked.value) return;
      deleted.value = new Map(deleted.value).set(seq, Date.now());
      if (Date.now() - countedAt < lateMs) recountSoon();
    },
    messagesExpired(upToSeq) {
      expired.value = Math.max(expired.value, upToSeq);
    },
  };
}
