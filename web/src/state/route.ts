import { signal } from '@preact/signals';

export type Route = { readonly at: 'lobby' | 'desk' } | { readonly at: 'room' | 'direct' | 'support'; readonly id: string };

const pattern = /^#\/(room|direct|support)\/([\w-]+)$/;

function readRoute(): Route {
  if (location.hash === '#/desk') return { at: 'desk' };
  const [, at, id] = pattern.exec(location.hash) ?? [];
  return at && id ? { at: at as 'room' | 'direct' | 'support', id } : { at: 'lobby' };
}

/** What is shown: a room or a support conversation by its id, private messages by the id of the other one. */
export const route = signal(readRoute());
addEventListener('hashchange', () => (route.value = readRoute()));

export const addressOf = (to: Route): string => ('id' in to ? `#/${to.at}/${to.id}` : to.at === 'desk' ? '#/desk' : '#/');

export function go(to: Route): void {
  location.hash = addressOf(to);
}

interface Known {
  readonly rooms: { readonly joined: { readonly value: ReadonlyMap<string, unknown> | null } };
  readonly lobby: { readonly value: ReadonlyMap<string, unknown> | null };
  readonly support: { readonly cases: { readonly value: ReadonlyMap<string, unknown> } };
  readonly viewer: { readonly id: string };
}

/** Where the message is of which a notification tells; undefined when it tells of none. */
export function placeOfConversation({ rooms, lobby, support, viewer }: Known, { data }: { readonly data: Record<string, unknown> }): Route | undefined {
  const { conversationId, authorId, reportedIn } = data;
  if (typeof reportedIn === 'string' && (rooms.joined.value?.has(reportedIn) || lobby.value?.has(reportedIn))) return { at: 'room', id: reportedIn };
  if (typeof conversationId !== 'string') return undefined;
  if (rooms.joined.value?.has(conversationId)) return { at: 'room', id: conversationId };
  if (support.cases.value.has(conversationId)) return { at: 'support', id: conversationId };
  return typeof authorId === 'string' && authorId !== viewer.id ? { at: 'direct', id: authorId } : undefined;
}
