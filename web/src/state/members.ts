import type { MemberFieldsFragment } from '@causerie/client';
import { signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { createReconciler } from './reconciler.ts';
import type { ConversationEvent } from './conversation.ts';

export type Member = MemberFieldsFragment;

export interface Members {
  readonly list: ReadonlySignal<readonly Member[]>;
  /** Whether more members can be loaded. */
  readonly hasMore: ReadonlySignal<boolean>;
  receive(event: ConversationEvent): void;
  loadMore(): Promise<void>;
}

const pageSize = 100;

/** The members of a room, updated by its events. */
export function createMembers(conversationId: string): Members {
  const list = signal<readonly Member[]>([]);
  const hasMore = signal(false);
  const reconciler = createReconciler();
  let after: string | null = null;
  let isCaughtUp = false;

  const loadPage = (from: string | null) =>
    reconciler.load(
      () => causerie.members({ conversationId, first: pageSize, after: from }),
      (page) => {
        if (!page) return;
        const loaded = page.edges.map(({ node }) => node);
        const ids = new Set(loaded.map(({ user }) => user.id));
        const before = from === null ? [] : list.value;
        list.value = [...before.filter(({ user }) => !ids.has(user.id)), ...loaded];
        after = page.pageInfo.endCursor;
        hasMore.value = page.pageInfo.hasNextPage;
      },
    );

  function change(event: ConversationEvent): void {
    switch (event.__typename) {
      case 'MemberJoined':
        add(event.user, event.occurredAt);
        break;
      case 'MemberLeft':
        list.value = list.value.filter(({ user }) => user.id !== event.user.id);
        break;
      case 'MemberUpdated':
        list.value = list.value.map((member) =>
          member.user.id === event.member.user.id ? event.member : member,
        );
    }
  }

  function add(user: Member['user'], joinedAt: string): void {
    if (list.value.some((member) => member.user.id === user.id)) return;
    const member: Member = { user, role: 'MEMBER', joinedAt, mutedUntil: null };
    list.value = [...list.value, member];
  }

  return {
    list,
    hasMore,
    loadMore: () => loadPage(after),
    receive(event) {
      // The subscription may have started after the first load, and have missed events in between.
      const isFirstCaughtUp = event.__typename === 'CaughtUp' && !isCaughtUp;
      if (isFirstCaughtUp || event.__typename === 'StreamReset') loadPage(null).catch(() => {});
      if (event.__typename === 'CaughtUp') isCaughtUp = true;
      reconciler.apply(() => change(event));
    },
  };
}
