import { signal } from '@preact/signals';

/** A room or a support conversation by its id; private messages by the id of the other user. */
export interface ConversationRoute {
  readonly at: 'room' | 'direct' | 'support';
  readonly id: string;
  /** The number of a message to scroll to. */
  readonly seq?: number | undefined;
}

export type Route =
  | { readonly at: 'lobby' | 'desk' | 'reports' }
  | { readonly at: 'join'; readonly code: string }
  | { readonly at: 'named'; readonly name: string }
  | ConversationRoute;

/** Moves the addresses that other pages link to, `/join/CODE` and `/?room=NAME`, into the hash. */
function adoptAddress(): void {
  const { pathname, search, hash } = location;
  const [, code] = /^\/join\/([\w-]{1,64})$/.exec(pathname) ?? [];
  const name = new URLSearchParams(search).get('room');
  if (code) history.replaceState(null, '', `/${addressOf({ at: 'join', code })}`);
  else if (name && !hash) history.replaceState(null, '', `/${addressOf({ at: 'named', name })}`);
  else if (pathname !== '/') history.replaceState(null, '', `/${hash}`);
}

const pattern = /^#\/(room|direct|support)\/([\w-]+)(?:\/(\d{1,10}))?$/;

function parseRoute(): Route {
  const [, special, value] = /^#\/(join|named)\/([^/]+)$/.exec(location.hash) ?? [];
  if (special === 'join') return { at: 'join', code: value! };
  if (special === 'named') return { at: 'named', name: decodeName(value!) };
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

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

adoptAddress();
/** The page that is shown. */
export const route = signal(parseRoute());
addEventListener('hashchange', () => (route.value = parseRoute()));

export function addressOf(to: Route): string {
  if (to.at === 'lobby') return '#/';
  if (to.at === 'join') return `#/join/${to.code}`;
  if (to.at === 'named') return `#/named/${encodeURIComponent(to.name)}`;
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

/** Shows another page instead of the current one, so that Back does not return to it. */
export function replaceRoute(to: Route): void {
  history.replaceState(null, '', addressOf(to));
  route.value = to;
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
  const { conversationId, authorId, reportedIn, reportId, invitationId } = data;
  const seq = typeof data.seq === 'number' ? data.seq : undefined;
  if (typeof reportedIn === 'string') {
    const isVisible = rooms.joined.value?.has(reportedIn) || lobby.rooms.value?.has(reportedIn);
    if (isVisible) return { at: 'room', id: reportedIn };
    return viewer.role === 'ADMIN' ? { at: 'reports' } : undefined;
  }
  if (typeof conversationId !== 'string')
    return reportId !== undefined && viewer.role === 'ADMIN' ? { at: 'reports' } : undefined;
  if (rooms.joined.value?.has(conversationId)) return { at: 'room', id: conversationId, seq };
  if (support.cases.value.has(conversationId)) return { at: 'support', id: conversationId, seq };
  // The lobby lists the invitations.
  if (invitationId !== undefined) return { at: 'lobby' };
  return typeof authorId === 'string' && authorId !== viewer.id
    ? { at: 'direct', id: authorId, seq }
    : undefined;
}
