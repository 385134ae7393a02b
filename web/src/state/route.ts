import { signal } from '@preact/signals';

/** A room or a support conversation by its id, private messages by the id of the other one. */
export interface Place {
  readonly at: 'room' | 'direct' | 'support';
  readonly id: string;
  /** The number of the message that is to be brought into view. */
  readonly seq?: number | undefined;
}

export type Route = { readonly at: 'lobby' | 'desk' | 'reports' } | Place;

const pattern = /^#\/(room|direct|support)\/([\w-]+)(?:\/(\d{1,10}))?$/;

function readRoute(): Route {
  if (location.hash === '#/desk') return { at: 'desk' };
  if (location.hash === '#/reports') return { at: 'reports' };
  const [, at, id, seq] = pattern.exec(location.hash) ?? [];
  return at && id
    ? { at: at as Place['at'], id, seq: seq === undefined ? undefined : Number(seq) }
    : { at: 'lobby' };
}

/** What is shown. */
export const route = signal(readRoute());
addEventListener('hashchange', () => (route.value = readRoute()));

export const addressOf = (to: Route): string =>
  'id' in to
    ? `#/${to.at}/${to.id}${to.seq === undefined ? '' : `/${to.seq}`}`
    : to.at === 'lobby'
      ? '#/'
      : `#/${to.at}`;

/** Whichever message of it is looked at. */
export const isSamePlace = (one: Route, other: Route): boolean =>
  one.at === other.at && ('id' in one && one.id) === ('id' in other && other.id);

/** Also to where one is, so that a message is brought back into view. */
export function go(to: Route): void {
  if (location.hash === addressOf(to)) route.value = { ...to };
  else location.hash = addressOf(to);
}

interface Known {
  readonly rooms: { readonly joined: { readonly value: ReadonlyMap<string, unknown> | null } };
  readonly lobby: { readonly value: ReadonlyMap<string, unknown> | null };
  readonly support: { readonly cases: { readonly value: ReadonlyMap<string, unknown> } };
  readonly viewer: { readonly id: string; readonly role: string };
}

/** Where that is of which a notification tells; undefined where there is no place for it. */
export function placeOfNotification(
  { rooms, lobby, support, viewer }: Known,
  { data }: { readonly data: Record<string, unknown> },
): Route | undefined {
  const { conversationId, authorId, reportedIn } = data;
  const seq = typeof data.seq === 'number' ? data.seq : undefined;
  if (
    typeof reportedIn === 'string' &&
    (rooms.joined.value?.has(reportedIn) || lobby.value?.has(reportedIn))
  )
    return { at: 'room', id: reportedIn };
  if (typeof reportedIn === 'string')
    return viewer.role === 'ADMIN' ? { at: 'reports' } : undefined;
  if (typeof conversationId !== 'string') return undefined;
  if (rooms.joined.value?.has(conversationId)) return { at: 'room', id: conversationId, seq };
  if (support.cases.value.has(conversationId)) return { at: 'support', id: conversationId, seq };
  return typeof authorId === 'string' && authorId !== viewer.id
    ? { at: 'direct', id: authorId, seq }
    : undefined;
}
