import type { MyDirectConversationFieldsFragment } from '@causerie/client';
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { followAll } from './follow-all.ts';
import { caughtUp } from './line.ts';
import { placesWithUnsent } from './kept.ts';
import { createReconciler } from './reconciler.ts';
import type { User } from './session.ts';
import {
  conversationIdOf,
  createConversationState,
  progressOf,
  type ConversationEvent,
  type ConversationState,
} from './conversation.ts';
import { showToast } from './toasts.ts';

/** The private messages of the viewer and one other user. */
export interface Direct {
  readonly peer: User;
  /** Undefined until the first message. */
  readonly conversationId: Signal<string | undefined>;
  /** The time of the newest message, as RFC 3339; empty if there is none. */
  readonly newestAt: Signal<string>;
  /** Whether one of the two users has deleted their account. */
  readonly isOver: Signal<boolean>;
  readonly conversation: ConversationState;
}

export interface Directs {
  /** By the id of the other user. */
  readonly all: ReadonlySignal<ReadonlyMap<string, Direct>>;
  load(): Promise<void>;
  /** Works before the first message, too. Rejects if there is no user of this id. */
  open(peerId: string): Promise<Direct>;
}

const pageSize = 100;
const directPlace = 'direct:';
const emptyState = { newestSeq: 0, lastReadSeq: 0, newestAt: '', isOver: false };

/** All private messages of the viewer, over one subscription. */
export function createDirects(viewer: User, ended: AbortSignal): Directs {
  const all = signal<ReadonlyMap<string, Direct>>(new Map());
  const reconciler = createReconciler();
  let isCaughtUp = false;

  function add(
    peer: User,
    conversationId?: string,
    { newestAt, isOver, ...progress } = emptyState,
  ): Direct {
    const known = all.value.get(peer.id);
    if (known) return known;
    const id = signal(conversationId);
    const conversation = createConversationState({
      id: () => id.value,
      place: `${directPlace}${peer.id}`,
      viewer,
      defaultLevel: 'ALL',
      ...progress,
      ended,
      deliver: async (written) => {
        const { message, conversation } = await causerie.sendPrivateMessage(
          { toUserId: peer.id, ...written },
          { signal: ended },
        );
        id.value = conversation.id;
        return message;
      },
    });
    const direct: Direct = {
      peer,
      conversationId: id,
      newestAt: signal(newestAt),
      isOver: signal(isOver),
      conversation,
    };
    all.value = new Map(all.value).set(peer.id, direct);
    return direct;
  }

  const byConversation = (id: string) =>
    [...all.value.values()].find((direct) => direct.conversationId.value === id);

  /** Adds a conversation that started on another device, or with the other user's first message. */
  async function addUnknown(id: string, author: User | undefined): Promise<Direct | undefined> {
    if (author && author.id !== viewer.id) return add(author, id);
    const conversation = await causerie.conversation({ id }, { signal: ended });
    if (conversation?.__typename !== 'DirectConversation') return undefined;
    return add(conversation.peer, id);
  }

  async function receive(event: ConversationEvent): Promise<void> {
    if (event.__typename === 'CaughtUp') {
      caughtUp(event.replayed);
      return isCaughtUp ? undefined : refresh();
    }
    if (event.__typename === 'StreamReset') return refresh();
    const id = conversationIdOf(event);
    if (!id) return;
    const author = event.__typename === 'MessageSent' ? event.message.author : undefined;
    const direct = byConversation(id) ?? (await addUnknown(id, author));
    if (!direct) return;
    direct.conversationId.value ??= id;
    if (event.__typename === 'MessageSent') direct.newestAt.value = event.message.createdAt;
    if (event.__typename === 'MemberLeft') reconciler.apply(() => (direct.isOver.value = true));
    direct.conversation.receive(event);
  }

  /**
   * Loads again, because events between the first load and the start of the subscription were
   * missed.
   */
  function refresh(): void {
    isCaughtUp = true;
    for (const { conversation } of all.value.values()) conversation.reload();
    loadAll().catch(() => {});
  }

  async function loadAll(): Promise<void> {
    let after: string | null = null;
    let hasMore = true;
    while (hasMore) {
      await reconciler.load(
        () => causerie.directConversations({ first: pageSize, after }, { signal: ended }),
        ({ edges, pageInfo }, askedAt) => {
          for (const { node } of edges) update(node, askedAt);
          hasMore = pageInfo.hasNextPage;
          after = pageInfo.endCursor;
        },
      );
    }
  }

  function update(loaded: MyDirectConversationFieldsFragment, askedAt: number): void {
    const { id, peer, lastMessage, createdAt, archivedAt } = loaded;
    const state = {
      ...progressOf(loaded, askedAt),
      newestAt: lastMessage?.createdAt ?? createdAt,
      isOver: archivedAt !== null,
    };
    const { conversationId, newestAt, isOver, conversation } = add(peer, id, state);
    conversationId.value ??= id;
    if (state.newestAt > newestAt.value) newestAt.value = state.newestAt;
    isOver.value = state.isOver;
    if (loaded.viewerMember) conversation.notificationLevel.setMember(loaded.viewerMember);
    conversation.advance(state);
  }

  return {
    all,
    async load() {
      // Guests have no private messages.
      if (viewer.isGuest) return;
      let queue = Promise.resolve();
      const take = (event: ConversationEvent) =>
        void (queue = queue.then(() => receive(event)).catch(() => {}));
      void followAll(
        causerie.privateMessages({}, { signal: ended }),
        ended,
        take,
        (_code, message) => showToast(message, true),
      );
      await loadAll();
      // The first message to a user may be unsent, so that there is no conversation yet.
      const unsent = placesWithUnsent(viewer.id).filter((place) => place.startsWith(directPlace));
      await Promise.allSettled(unsent.map((place) => open(place.slice(directPlace.length))));
    },
    open,
  };

  async function open(peerId: string): Promise<Direct> {
    const known = all.value.get(peerId);
    if (known) return known;
    const user = await causerie.user({ id: peerId }, { signal: ended });
    if (!user) throw new Error('gone');
    return add(user);
  }
}
