import type { SupportConversationFieldsFragment } from '@causerie/client';
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { followAll } from './follow-all.ts';
import type { User } from './session.ts';
import { createTalk, type ConversationEvent, type Talk } from './talk.ts';
import { tell } from './toasts.ts';

/** What a customer and the desk write to each other. */
export interface SupportCase {
  readonly id: string;
  readonly about: Signal<SupportConversationFieldsFragment>;
  readonly newestAt: Signal<string>;
  readonly talk: Talk;
}

export interface Support {
  /** A customer's own one; to the desk, those in which something was written. By id. */
  readonly cases: ReadonlySignal<ReadonlyMap<string, SupportCase>>;
  load(): Promise<void>;
  /** Also one that is not among the newest. Rejects when there is none of this id for the viewer. */
  open(id: string): Promise<void>;
}

interface Beginning {
  readonly unreadCount?: number;
  readonly viewerMember?: { readonly lastReadSeq: number } | null;
  readonly lastMessage?: { readonly createdAt: string } | null;
}

const pageSize = 50;

export function createSupport(viewer: User, ended: AbortSignal): Support {
  const cases = signal<ReadonlyMap<string, SupportCase>>(new Map());
  const isDesk = viewer.role === 'ADMIN';

  function add(about: SupportConversationFieldsFragment, { unreadCount = 0, viewerMember, lastMessage }: Beginning): SupportCase {
    const { id } = about;
    const known = cases.value.get(id);
    if (known) return known;
    const talk = createTalk({
      id: () => id,
      viewer,
      unread: unreadCount,
      lastReadSeq: viewerMember?.lastReadSeq ?? 0,
      deliver: async (body, replyToId, idempotencyKey) => (await causerie.sendMessage({ conversationId: id, body, replyToId, idempotencyKey }, { signal: ended })).message,
    });
    const entry = { id, about: signal(about), newestAt: signal(lastMessage?.createdAt ?? about.createdAt), talk };
    cases.value = new Map(cases.value).set(id, entry);
    return entry;
  }

  async function meet(id: string): Promise<SupportCase | undefined> {
    const conversation = await causerie.conversation({ id }, { signal: ended });
    return conversation?.__typename === 'SupportConversation' ? add(conversation, {}) : undefined;
  }

  async function hear(event: ConversationEvent): Promise<void> {
    if (event.__typename === 'StreamReset') return cases.value.forEach(({ talk }) => talk.hear(event));
    const place = 'message' in event ? event.message.conversation.id : 'conversation' in event ? event.conversation.id : undefined;
    const entry = place === undefined ? undefined : (cases.value.get(place) ?? (await meet(place)));
    if (!entry) return;
    if (event.__typename === 'MessageSent') entry.newestAt.value = event.message.createdAt;
    if (event.__typename === 'SupportUpdated') entry.about.value = event.conversation;
    entry.talk.hear(event);
  }

  async function load(): Promise<void> {
    // Guests have none.
    if (viewer.isGuest) return;
    let order = Promise.resolve();
    const take = (event: ConversationEvent) => void (order = order.then(() => hear(event)).catch(() => {}));
    void followAll(causerie.supportMessages({}, { signal: ended }), ended, take, (_code, message) => tell(message, true));
    if (!isDesk) {
      const own = await causerie.mySupportConversation({ signal: ended });
      return void add(own, own);
    }
    const page = await causerie.supportConversations({ first: pageSize }, { signal: ended });
    for (const { node } of page.edges) add(node, node);
  }

  return {
    cases,
    load,
    async open(id) {
      if (cases.value.has(id)) return;
      const conversation = await causerie.conversation({ id }, { signal: ended });
      if (conversation?.__typename !== 'SupportConversation') throw new Error('gone');
      add(conversation, conversation);
    },
  };
}
