import { signal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import type { User } from './session.ts';

/** The people whom the viewer has blocked, by id. */
export const blocked = signal<ReadonlyMap<string, User>>(new Map());

const pageSize = 100;
let changeCount = 0;

/** Loads the blocked people, also those whom the viewer blocked on another device. */
export async function loadBlocked(ended: AbortSignal): Promise<void> {
  const changesBefore = changeCount;
  const all = new Map<string, User>();
  let after: string | null = null;
  let hasMore = true;
  while (hasMore) {
    const page: Awaited<ReturnType<typeof causerie.blockedUsers>> = await causerie.blockedUsers(
      { first: pageSize, after },
      { signal: ended },
    );
    for (const { node } of page.edges) all.set(node.id, node);
    hasMore = page.pageInfo.hasNextPage;
    after = page.pageInfo.endCursor;
  }
  // It is unknown whether the pages contain a change during the load.
  if (changeCount !== changesBefore) return loadBlocked(ended);
  if (!ended.aborted) blocked.value = all;
}

export function blockChanged(user: User, isBlocked: boolean): void {
  changeCount++;
  const next = new Map(blocked.value);
  if (isBlocked) next.set(user.id, user);
  else next.delete(user.id);
  blocked.value = next;
}

export async function block({ id: userId }: User): Promise<void> {
  blockChanged(await causerie.blockUser({ userId }), true);
}

export async function unblock({ id: userId }: User): Promise<void> {
  blockChanged(await causerie.unblockUser({ userId }), false);
}
