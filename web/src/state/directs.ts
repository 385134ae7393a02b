import type { MyDirectConversationFieldsFragment } from '@causerie/client';
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { followAll } from './follow-all.ts';
import { caughtUp } from './line.ts';
import { createReading } from './reading.ts';
import type { User } from './session.ts';
import { createTalk, standingOf, type ConversationEvent, type Talk } from './talk.ts';
import { tell } from './toasts.ts';

/** What the viewer and one other user write to each other. */
export interface Direct {
  readonly peer: User;
  /** Undefined until there is a message. */
  readonly conversationId: Signal<string | undefined>;
  /** When it was last written to, as RFC 3339; empty when never. */
  readonly newestAt: Signal<string>;
  /** Whether one of the two has deleted their account. */
  readonly isOver: Signal<boolean>;
  readonly talk: Talk;
}

export interface Directs {
  /** By the id of the other one. */
  readonly all: ReadonlySignal<ReadonlyMap<string, Direct>>;
  load(): Promise<void>;
  /** Also with somebody to whom nothing was written yet. Rejects when there is nobody of that id. */
  open(peerId: string): Promise<Direct>;
}

const pageSize = 100;
const nothingYet = { newestSeq: 0, lastReadSeq: 0, newestAt: '', isOver: false };

/** All private messages of the viewer over one subscription. */
export function createDirects(viewer: User, ended: AbortSignal): Directs {
  const all = signal<ReadonlyMap<string, Direct>>(new Map());
  const reading = createReading();
  let isBegun = false;

  function add(
    peer: User,
    conversationId?: string,
    { newestAt, isOver, ...standing } = nothingYet,
  ): Direct {
    const known = all.value.get(peer.id);
    if (known) return known;
    const id = signal(conversationId);
    const talk = createTalk({
      id: () => id.value,
      viewer,
      ...standing,
      deliver: async (body, replyToId, idempotencyKey) => {
        const { message, conversation } = await causerie.sendPrivateMessage(
          { toUserId: peer.id, body, replyToId, idempotencyKey },
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
      talk,
    };
    all.value = new Map(all.value).set(peer.id, direct);
    return direct;
  }

  const byConversation = (id: string) =>
    [...all.value.values()].find((direct) => direct.conversationId.value === id);

  /** One that we know nothing of yet began elsewhere, or with somebody else's first message. */
  async function meet(id: string, author: User | undefined): Promise<Direct | undefined> {
    if (author && author.id !== viewer.id) return add(author, id);
    const conversation = await causerie.conversation({ id }, { signal: ended });
    return conversation?.__typename === 'DirectConversation'
      ? add(conversation.peer, id)
      : undefined;
  }

  async function hear(event: ConversationEvent): Promise<void> {
    if (event.__typename === 'CaughtUp') {
      caughtUp(event.replayed);
      return isBegun ? undefined : refresh();
    }
    if (event.__typename === 'StreamReset') return refresh();
    const place =
      'message' in event
        ? event.message.conversation.id
        : 'conversation' in event
          ? event.conversation.id
          : undefined;
    if (!place) return;
    const direct =
      byConversation(place) ??
      (await meet(place, event.__typename === 'MessageSent' ? event.message.author : undefined));
    if (!direct) return;
    direct.conversationId.value ??= place;
    if (event.__typename === 'MessageSent') direct.newestAt.value = event.message.createdAt;
    if (event.__typename === 'MemberLeft') reading.hear(() => (direct.isOver.value = true));
    direct.talk.hear(event);
  }

  /** What happened since they were read was not heard. */
  function refresh(): void {
    isBegun = true;
    for (const { talk } of all.value.values()) talk.reload();
    readAll().catch(() => {});
  }

  async function readAll(): Promise<void> {
    for (let after: string | null = null, more = true; more;) {
      await reading.read(
        () => causerie.directConversations({ first: pageSize, after }, { signal: ended }),
        ({ edges, pageInfo }) => {
          for (const { node } of edges) update(node);
          more = pageInfo.hasNextPage;
          after = pageInfo.endCursor;
        },
      );
    }
  }

  function update(given: MyDirectConversationFieldsFragment): void {
    const { id, peer, lastMessage, createdAt, archivedAt } = given;
    const now = {
      ...standingOf(given),
      newestAt: lastMessage?.createdAt ?? createdAt,
      isOver: archivedAt !== null,
    };
    const { conversationId, newestAt, isOver, talk } = add(peer, id, now);
    conversationId.value ??= id;
    if (now.newestAt > newestAt.value) newestAt.value = now.newestAt;
    isOver.value = now.isOver;
    talk.reach(now);
  }

  return {
    all,
    async load() {
      // Guests have none.
      if (viewer.isGuest) return;
      let order = Promise.resolve();
      const take = (event: ConversationEvent) =>
        void (order = order.then(() => hear(event)).catch(() => {}));
      void followAll(
        causerie.privateMessages({}, { signal: ended }),
        ended,
        take,
        (_code, message) => tell(message, true),
      );
      await readAll();
    },
    async open(peerId) {
      const known = all.value.get(peerId);
      if (known) return known;
      const user = await causerie.user({ id: peerId }, { signal: ended });
      if (!user) throw new Error('gone');
      return add(user);
    },
  };
}
