import { signal } from '@preact/signals';

/** A room or a support conversation by its id; private messages by the id of the other user. */
export interface ConversationRoute {
  readonly at: 'room' | 'direct' | 'support';
  readonly id: string;
  /** The number of a message to scroll to. */
  readonly seq?: number | undefined;
}

export type Route = { readonly at: 'lobby' | 'desk' | 'reports' } | ConversationRoute;

const pattern = /^#\/(room|direct|support)\/([\w-]+)(?:\/(\d{1,10}))?$/;

function parseRoute(): Route {
  if (location.hash === '#/desk') return { at: 'desk' };
  if (location.hash === '#/reports') return { at: 'reports' };
  const [, at, id, seq] = pattern.exec(location.hash) ?? [];
  if (!at || !id) return { at: 'lobby' };
  return {
    at: at as ConversationRoute['at'],
    id,
    seq: seq === undefined ? undefined : Number(seq),
  };
}

/** The page that is shown. */
export const route = signal(parseRoute());
addEventListener('hashchange', () => (route.value = parseRoute()));

export function addressOf(to: Route): string {
  if (to.at === 'lobby') return '#/';
  if (!('id' in to)) return `#/${to.at}`;
  const conversation = `#/${to.at}/${to.id}`;
  return to.seq === undefined ? conversation : `${conversation}/${to.seq}`;
}

/** Whether two routes show the same page. They may scroll to different messages. */
export const isSamePage = (one: Route, other: Route): boolean =>
  one.at === other.at && ('id' in one && one.id) === ('id' in other && other.id);

/** Also works for the current route; then it scrolls to the message again. */
export function go(to: Route): void {
  if (location.hash === addressOf(to)) route.value = { ...to };
  else location.hash = addressOf(to);
}

interface Known {
  readonly rooms: { readonly joined: { readonly value: ReadonlyMap<string, unknown> | null } };
  readonly lobby: { readonly rooms: { readonly value: ReadonlyMap<string, unknown> | null } };
  readonly support: { readonly cases: { readonly value: ReadonlyMap<string, unknown> } };
  readonly viewer: { readonly id: string; readonly role: string };
}

/** The page that a notification is about; undefined if there is none. */
export function routeOfNotification(
  { rooms, lobby, support, viewer }: Known,
  { data }: { readonly data: Record<string, unknown> },
): Route | undefined {
  const { conversationId, authorId, reportedIn } = data;
  const seq = typeof data.seq === 'number' ? data.seq : undefined;
  if (typeof reportedIn === 'string') {
    const isVisible = rooms.joined.value?.has(reportedIn) || lobby.rooms.value?.has(reportedIn);
    if (isVisible) return { at: 'room', id: reportedIn };
    return viewer.role === 'ADMIN' ? { at: 'reports' } : undefined;
  }
  if (typeof conversationId !== 'string') return undefined;
  if (rooms.joined.value?.has(conversationId)) return { at: 'room', id: conversationId, seq };
  if (support.cases.value.has(conversationId)) return { at: 'support', id: conversationId, seq };
  return typeof authorId === 'string' && authorId !== viewer.id
    ? { at: 'direct', id: authorId, seq }
    : undefined;
}
