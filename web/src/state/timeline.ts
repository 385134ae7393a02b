import type { MessageFieldsFragment, MyMessageFieldsFragment } from '@causerie/client';
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { createReconciler } from './reconciler.ts';
import type { User } from './session.ts';

export type Message = MessageFieldsFragment;

/** Something that happened between two messages. */
export interface Notice {
  readonly key: string;
  readonly afterSeq: number;
  readonly at: string;
  readonly text: string;
}

const pageSize = 50;
/** The maximum of the server, for loading back to an old message. */
const longPageSize = 100;

/** The loaded messages of one conversation, and the notices between them. */
export interface Timeline {
  readonly messages: ReadonlySignal<readonly Message[]>;
  readonly notices: ReadonlySignal<readonly Notice[]>;
  /** `empty` until the first load. */
  readonly state: ReadonlySignal<'empty' | 'loading' | 'loaded' | 'failed'>;
  readonly hasOlder: ReadonlySignal<boolean>;
  readonly newestSeq: ReadonlySignal<number>;
  /** Loads the newest page, and replaces the older ones. */
  load(): Promise<void>;
  loadOlder(): Promise<void>;
  /**
   * Loads older pages until the message with this `seq` is there. Returns undefined if it does not
   * exist. Rejects if loading fails.
   */
  loadBackTo(seq: number, ended: AbortSignal): Promise<Message | undefined>;
  /** Adds a new message. */
  put(message: Message): void;
  /** Replaces a message that was edited, deleted or reacted to, if it is loaded. */
  change(message: Message): void;
  /** Shows all messages up to `upToSeq` as deleted. */
  expire(upToSeq: number, at: string): void;
  /**
   * The viewer's reactions by the `seq` of the message. Events do not contain them, because they
   * are the same for all subscribers.
   */
  readonly ownReactions: ReadonlySignal<ReadonlyMap<number, ReadonlySet<string>>>;
  /** Sets whether the viewer has reacted to a message with an emoji. */
  setOwnReaction(seq: number, emoji: string, isGiven: boolean): void;
  note(text: string, at: string): void;
}

export function createTimeline(idOf: () => string | undefined): Timeline {
  const messages = signal<readonly Message[]>([]);
  const notices = signal<readonly Notice[]>([]);
  const ownReactions = signal<ReadonlyMap<number, ReadonlySet<string>>>(new Map());
  const state = signal<'empty' | 'loading' | 'loaded' | 'failed'>('empty');
  const hasOlder = signal(false);
  let before: string | null = null;
  let newest: Promise<void> | undefined;
  let older: Promise<void> | undefined;
  let loads = 0;
  let noticeCount = 0;
  const reconciler = createReconciler();

  function storeOwnReactions(loaded: readonly MyMessageFieldsFragment[]): void {
    const all = new Map(ownReactions.value);
    for (const { seq, reactions } of loaded) {
      const own = reactions.filter(({ viewerReacted }) => viewerReacted);
      all.set(seq, new Set(own.map(({ emoji }) => emoji)));
    }
    ownReactions.value = all;
  }

  const load = () => (newest = loadNewest());

  async function loadNewest(): Promise<void> {
    const mine = ++loads;
    const conversationId = idOf();
    if (!conversationId) return void (state.value = 'loaded');
    state.value = messages.value.length > 0 ? state.value : 'loading';
    try {
      await reconciler.load(
        () => causerie.messages({ conversationId, last: pageSize }),
        (page) => {
          if (mine !== loads) return;
          const newestPage = page?.edges.map(({ node }) => node) ?? [];
          const last = newestPage.at(-1)?.seq ?? 0;
          storeOwnReactions(newestPage);
          // Keep the messages that arrived during the load.
          messages.value = merge(
            newestPage,
            messages.value.filter(({ seq }) => seq > last),
          );
          hasOlder.value = page?.pageInfo.hasPreviousPage ?? false;
          before = page?.pageInfo.startCursor ?? null;
          state.value = 'loaded';
        },
      );
    } catch {
      if (mine === loads) state.value = 'failed';
    }
  }

  function loadOlder(count: number): Promise<void> {
    const mine = loads;
    const conversationId = idOf()!;
    return reconciler.load(
      () => causerie.messages({ conversationId, last: count, before }),
      (page) => {
        if (mine !== loads) return;
        if (!page) return void (hasOlder.value = false);
        const olderPage = page.edges.map(({ node }) => node);
        storeOwnReactions(olderPage);
        messages.value = merge(olderPage, messages.value);
        hasOlder.value = page.pageInfo.hasPreviousPage;
        before = page.pageInfo.startCursor ?? before;
      },
    );
  }

  /** One load at a time: further calls wait for it. */
  const loadOlderOnce = (count: number) =>
    (older ??= loadOlder(count).finally(() => (older = undefined)));
  const newestSeq = computed(() => messages.value.at(-1)?.seq ?? 0);

  return {
    messages,
    notices,
    state,
    hasOlder,
    newestSeq,
    load,
    async loadOlder() {
      if (!hasOlder.value || state.value !== 'loaded') return;
      // The next scroll event tries again.
      await loadOlderOnce(pageSize).catch(() => {});
    },
    async loadBackTo(seq, ended) {
      await (newest ?? load());
      // The preview of a room has no subscription.
      if (seq > newestSeq.value) await load();
      while (!ended.aborted && hasOlder.value && messages.value[0]!.seq > seq)
        await loadOlderOnce(longPageSize);
      return messages.value.find((message) => message.seq === seq);
    },
    put(message) {
      const oldest = messages.value[0];
      if (oldest && message.seq < oldest.seq) return;
      messages.value = merge(messages.value, [message]);
    },
    change: (message) =>
      reconciler.apply(() => {
        messages.value = messages.value.map((one) => {
          if (one.id === message.id) return message;
          return one.replyTo?.id === message.id ? { ...one, replyTo: message } : one;
        });
      }),
    expire: (upToSeq, at) =>
      reconciler.apply(() => {
        messages.value = messages.value.map((one) => expired(one, upToSeq, at));
      }),
    ownReactions,
    setOwnReaction: (seq, emoji, isGiven) =>
      reconciler.apply(() => {
        const given = new Set(ownReactions.value.get(seq));
        if (isGiven) given.add(emoji);
        else given.delete(emoji);
        ownReactions.value = new Map(ownReactions.value).set(seq, given);
      }),
    note(text, at) {
      notices.value = [
        ...notices.value,
        { key: `notice ${++noticeCount}`, afterSeq: messages.value.at(-1)?.seq ?? 0, at, text },
      ];
    },
  };
}

/** The message as it is shown after all messages up to `upToSeq` have expired. */
function expired(message: Message, upToSeq: number, at: string): Message {
  const { replyTo } = message;
  const isQuoteExpired = replyTo && replyTo.seq <= upToSeq;
  const quoted = isQuoteExpired ? { ...replyTo, body: null, deletedAt: at } : replyTo;
  if (message.seq > upToSeq) return { ...message, replyTo: quoted };
  return { ...message, body: null, deletedAt: at, reactions: [], mentions: [], replyTo: quoted };
}

/**
 * Both lists in the order of `seq`, without repeats. If both have a message, the one of `added` is
 * kept.
 */
function merge(known: readonly Message[], added: readonly Message[]): readonly Message[] {
  const last = known.at(-1);
  if (added.length === 1 && (!last || added[0]!.seq > last.seq)) return [...known, added[0]!];
  const all = new Map([...known, ...added].map((message) => [message.seq, message]));
  return [...all.values()].toSorted((one, other) => one.seq - other.seq);
}

export const nameOf = (user: Pick<User, 'displayName' | 'username'>): string =>
  user.displayName || user.username;
