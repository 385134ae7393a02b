import type { MessageFieldsFragment, MyMessageFieldsFragment } from '@causerie/client';
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { createReading } from './reading.ts';
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
/** As many as the server gives at once: on the way to a message far back. */
const longPageSize = 100;

/** The messages of one conversation, as far back as they were read, and what happened between them. */
export interface Timeline {
  readonly messages: ReadonlySignal<readonly Message[]>;
  readonly notices: ReadonlySignal<readonly Notice[]>;
  /** `empty` until it is first wanted. */
  readonly state: ReadonlySignal<'empty' | 'loading' | 'loaded' | 'failed'>;
  readonly hasOlder: ReadonlySignal<boolean>;
  readonly newestSeq: ReadonlySignal<number>;
  /** Reads the newest page, in place of what there was. */
  load(): Promise<void>;
  loadOlder(): Promise<void>;
  /** Reads on until the message of this number is there, or it is known that there is none. Rejects when it cannot be read. */
  reach(seq: number, ended: AbortSignal): Promise<Message | undefined>;
  /** One that is new, or that has changed. */
  put(message: Message): void;
  /** One that was edited, deleted or reacted to, if it is known. */
  change(message: Message): void;
  /** All up to here are deleted. */
  expire(upToSeq: number, at: string): void;
  /** What the viewer gave to messages, by the number of the message. Messages of events do not say it, since they are the same for everybody. */
  readonly ownReactions: ReadonlySignal<ReadonlyMap<number, ReadonlySet<string>>>;
  /** The viewer gave an emoji, or took it back. */
  reacted(seq: number, emoji: string, isGiven: boolean): void;
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
  let noted = 0;
  const { hear, read } = createReading();

  function learn(read: readonly MyMessageFieldsFragment[]): void {
    const own = new Map(ownReactions.value);
    for (const { seq, reactions } of read)
      own.set(
        seq,
        new Set(reactions.filter(({ viewerReacted }) => viewerReacted).map(({ emoji }) => emoji)),
      );
    ownReactions.value = own;
  }

  const load = () => (newest = readNewest());

  async function readNewest(): Promise<void> {
    const mine = ++loads;
    const conversationId = idOf();
    if (!conversationId) return void (state.value = 'loaded');
    state.value = messages.value.length > 0 ? state.value : 'loading';
    try {
      await read(
        () => causerie.messages({ conversationId, last: pageSize }),
        (page) => {
          if (mine !== loads) return;
          const newestPage = page?.edges.map(({ node }) => node) ?? [];
          const last = newestPage.at(-1)?.seq ?? 0;
          learn(newestPage);
          // What came while we read is newer.
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

  function readOlder(count: number): Promise<void> {
    const mine = loads;
    const conversationId = idOf()!;
    return read(
      () => causerie.messages({ conversationId, last: count, before }),
      (page) => {
        if (mine !== loads) return;
        if (!page) return void (hasOlder.value = false);
        const olderPage = page.edges.map(({ node }) => node);
        learn(olderPage);
        messages.value = merge(olderPage, messages.value);
        hasOlder.value = page.pageInfo.hasPreviousPage;
        before = page.pageInfo.startCursor ?? before;
      },
    );
  }

  const goBack = (count: number) => (older ??= readOlder(count).finally(() => (older = undefined)));
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
      // Tried again when somebody scrolls on.
      await goBack(pageSize).catch(() => {});
    },
    async reach(seq, ended) {
      await (newest ?? load());
      // A room that one only looks into is not followed.
      if (seq > newestSeq.value) await load();
      while (!ended.aborted && hasOlder.value && messages.value[0]!.seq > seq)
        await goBack(longPageSize);
      return messages.value.find((message) => message.seq === seq);
    },
    put(message) {
      const oldest = messages.value[0];
      if (oldest && message.seq < oldest.seq) return;
      messages.value = merge(messages.value, [message]);
    },
    change: (message) =>
      hear(() => {
        messages.value = messages.value.map((one) =>
          one.id === message.id
            ? message
            : one.replyTo?.id === message.id
              ? { ...one, replyTo: message }
              : one,
        );
      }),
    expire: (upToSeq, at) =>
      hear(() => {
        const expired = <One extends { readonly seq: number }>(one: One): One =>
          one.seq <= upToSeq
            ? { ...one, body: null, deletedAt: at, reactions: [], mentions: [] }
            : one;
        messages.value = messages.value.map((one) =>
          expired(
            one.replyTo && one.replyTo.seq <= upToSeq
              ? { ...one, replyTo: { ...one.replyTo, body: null, deletedAt: at } }
              : one,
          ),
        );
      }),
    ownReactions,
    reacted: (seq, emoji, isGiven) =>
      hear(() => {
        const given = new Set(ownReactions.value.get(seq));
        if (isGiven) given.add(emoji);
        else given.delete(emoji);
        ownReactions.value = new Map(ownReactions.value).set(seq, given);
      }),
    note(text, at) {
      notices.value = [
        ...notices.value,
        { key: `notice ${++noted}`, afterSeq: messages.value.at(-1)?.seq ?? 0, at, text },
      ];
    },
  };
}

/** In order, each once; of two of the same number the later given. */
function merge(known: readonly Message[], given: readonly Message[]): readonly Message[] {
  const last = known.at(-1);
  if (given.length === 1 && (!last || given[0]!.seq > last.seq)) return [...known, given[0]!];
  const all = new Map([...known, ...given].map((message) => [message.seq, message]));
  return [...all.values()].toSorted((one, other) => one.seq - other.seq);
}

export const nameOf = (user: Pick<User, 'displayName' | 'username'>): string =>
  user.displayName || user.username;
