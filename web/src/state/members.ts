import type { MemberFieldsFragment } from '@causerie/client';
import { signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import type { ConversationEvent } from './talk.ts';

export type Member = MemberFieldsFragment;

export interface Members {
  readonly list: ReadonlySignal<readonly Member[]>;
  /** Whether there are more than were read. */
  readonly hasMore: ReadonlySignal<boolean>;
  hear(event: ConversationEvent): void;
  loadMore(): Promise<void>;
}

const pageSize = 100;

/** Who belongs to a room, kept true by its events. */
export function createMembers(conversationId: string): Members {
  const list = signal<readonly Member[]>([]);
  const hasMore = signal(false);
  let after: string | null = null;

  async function loadMore(): Promise<void> {
    const page = await causerie.members({ conversationId, first: pageSize, after });
    if (!page) return;
    const read = page.edges.map(({ node }) => node);
    const known = new Set(read.map(({ user }) => user.id));
    list.value = [...list.value.filter(({ user }) => !known.has(user.id)), ...read];
    after = page.pageInfo.endCursor;
    hasMore.value = page.pageInfo.hasNextPage;
  }

  function reload(): void {
    after = null;
    list.value = [];
    loadMore().catch(() => {});
  }

  return {
    list,
    hasMore,
    loadMore,
    hear(event) {
      if (event.__typename === 'MemberLeft') list.value = list.value.filter(({ user }) => user.id !== event.user.id);
      else if (event.__typename === 'MemberJoined' && !list.value.some(({ user }) => user.id === event.user.id)) {
        list.value = [...list.value, { user: event.user, role: 'MEMBER', joinedAt: event.occurredAt, mutedUntil: null, lastReadSeq: 0 }];
      } else if (event.__typename === 'MemberUpdated') list.value = list.value.map((member) => (member.user.id === event.member.user.id ? event.member : member));
      else if (event.__typename === 'StreamReset') reload();
    },
  };
}
