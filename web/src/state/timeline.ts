import type { MessageFieldsFragment } from '@causerie/client';
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
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
  /** One that is new, or that has changed. */
  put(message: Message): void;
  note(text: string, at: string): void;
}

export function createTimeline(idOf: () => string | undefined): Timeline {
  const messages = signal<readonly Message[]>([]);
  const notices = signal<readonly Notice[]>([]);
  const state = signal<'empty' | 'loading' | 'loaded' | 'failed'>('empty');
  const hasOlder = signal(false);
  let before: string | null = null;
  let older: Promise<void> | undefined;
  let loads = 0;
  let noted = 0;

  async function load(): Promise<void> {
    const mine = ++loads;
    const conversationId = idOf();
    if (!conversationId) return void (state.value = 'loaded');
    state.value = messages.value.length > 0 ? state.value : 'loading';
    try {
      const page = await causerie.messages({ conversationId, last: pageSize });
      if (mine !== loads) return;
      const read = page?.edges.map(({ node }) => node) ?? [];
      const last = read.at(-1)?.seq ?? 0;
      // What came while we read is newer.
      messages.value = merge(read, messages.value.filter(({ seq }) => seq > last));
      hasOlder.value = page?.pageInfo.hasPreviousPage ?? false;
      before = page?.pageInfo.startCursor ?? null;
      state.value = 'loaded';
    } catch {
      if (mine === loads) state.value = 'failed';
    }
  }

  async function readOlder(): Promise<void> {
    const mine = loads;
    const conversationId = idOf()!;
    const page = await causerie.messages({ conversationId, last: pageSize, before });
    if (mine !== loads || !page) return;
    messages.value = merge(messages.value, page.edges.map(({ node }) => node));
    hasOlder.value = page.pageInfo.hasPreviousPage;
    before = page.pageInfo.startCursor ?? before;
  }

  return {
    messages,
    notices,
    state,
    hasOlder,
    newestSeq: computed(() => messages.value.at(-1)?.seq ?? 0),
    load,
    async loadOlder() {
      if (!hasOlder.value || state.value !== 'loaded') return;
      // Tried again when somebody scrolls on.
      older ??= readOlder().catch(() => {}).finally(() => (older = undefined));
      await older;
    },
    put(message) {
      const oldest = messages.value[0];
      if (oldest && message.seq < oldest.seq) return;
      messages.value = merge(messages.value, [message]);
    },
    note(text, at) {
      notices.value = [...notices.value, { key: `notice ${++noted}`, afterSeq: messages.value.at(-1)?.seq ?? 0, at, text }];
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

export const nameOf = (user: Pick<User, 'displayName' | 'username'>): string => user.displayName || user.username;
