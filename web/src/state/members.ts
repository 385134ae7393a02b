import type { MemberFieldsFragment } from '@causerie/client';
import { signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { createReading } from './reading.ts';
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
  const { hear, read } = createReading();
  let after: string | null = null;
  let isBegun = false;

  const readPage = (from: string | null) =>
    read(
      () => causerie.members({ conversationId, first: pageSize, after: from }),
      (page) => {
        if (!page) return;
        const given = page.edges.map(({ node }) => node);
        const known = new Set(given.map(({ user }) => user.id));
        const before = from === null ? [] : list.value;
        list.value = [...before.filter(({ user }) => !known.has(user.id)), ...given];
        after = page.pageInfo.endCursor;
        hasMore.value = page.pageInfo.hasNextPage;
      },
    );

  function change(event: ConversationEvent): void {
    if (event.__typename === 'MemberLeft')
      list.value = list.value.filter(({ user }) => user.id !== event.user.id);
    else if (event.__typename === 'MemberUpdated')
      list.value = list.value.map((member) =>
        member.user.id === event.member.user.id ? event.member : member,
      );
    else if (
      event.__typename === 'MemberJoined' &&
      !list.value.some(({ user }) => user.id === event.user.id)
    ) {
      list.value = [
        ...list.value,
        {
          user: event.user,
          role: 'MEMBER',
          joinedAt: event.occurredAt,
          mutedUntil: null,
        },
      ];
    }
  }

  return {
    list,
    hasMore,
    loadMore: () => readPage(after),
    hear(event) {
      // The room was perhaps not followed yet when they were read.
      if ((event.__typename === 'CaughtUp' && !isBegun) || event.__typename === 'StreamReset')
        readPage(null).catch(() => {});
      if (event.__typename === 'CaughtUp') isBegun = true;
      hear(() => change(event));
    },
  };
}
