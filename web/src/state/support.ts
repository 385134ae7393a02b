import type {
  LastMessageFieldsFragment,
  MySupportConversationFieldsFragment,
  SupportConversationFieldsFragment,
  SupportStatus,
} from '@causerie/client';
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { followAll } from './follow-all.ts';
import { caughtUp } from './line.ts';
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

/** A support conversation. */
export interface SupportCase {
  readonly id: string;
  readonly about: Signal<SupportConversationFieldsFragment>;
  /** Null if there is no message. */
  readonly newest: Signal<LastMessageFieldsFragment | null>;
  readonly conversation: ConversationState;
}

export interface Support {
  /**
   * For a customer, their own conversation. For the desk, the loaded conversations that have
   * messages. By id.
   */
  readonly cases: ReadonlySignal<ReadonlyMap<string, SupportCase>>;
  /** Whether the first page is loaded. */
  readonly isLoaded: ReadonlySignal<boolean>;
  /** For the desk: whether older conversations of a status can be loaded. */
  readonly hasOlder: Readonly<Record<SupportStatus, ReadonlySignal<boolean>>>;
  load(): Promise<void>;
  loadOlder(status: SupportStatus): Promise<void>;
  /**
   * Loads a conversation that is not among the newest. Rejects if there is none of this id for the
   * viewer.
   */
  open(id: string): Promise<void>;
}

export const newestFirst = (cases: Iterable<SupportCase>): SupportCase[] =>
  [...cases].toSorted((one, other) => timeOfNewest(other).localeCompare(timeOfNewest(one)));

export const timeOfNewest = ({ newest, about }: SupportCase): string =>
  newest.value?.createdAt ?? about.value.createdAt;

const pageSize = 50;

/** The origin of a customer, as the support desk sees it. */
const origin = () => ({
  ...(document.referrer && { page: document.referrer.slice(0, 1000) }),
  language: navigator.language,
});

export function createSupport(viewer: User, ended: AbortSignal): Support {
  const cases = signal<ReadonlyMap<string, SupportCase>>(new Map());
  const isLoaded = signal(false);
  const hasOlder = { OPEN: signal(false), RESOLVED: signal(false) };
  const cursors: Record<SupportStatus, string | null> = { OPEN: null, RESOLVED: null };
  const isDesk = viewer.role === 'ADMIN';
  let loading: Promise<void> | undefined;
  const reconciler = createReconciler();
  let isCaughtUp = false;

  function add(loaded: MySupportConversationFieldsFragment, askedAt: number): void {
    const { id, lastMessage } = loaded;
    const known = cases.value.get(id);
    if (known) {
      known.about.value = loaded;
      if ((lastMessage?.seq ?? 0) > (known.newest.value?.seq ?? 0))
        known.newest.value = lastMessage;
      return known.conversation.advance(progressOf(loaded, askedAt));
    }
    const conversation = createConversationState({
      id: () => id,
      place: id,
      viewer,
      defaultLevel: isDesk ? 'NOTHING' : 'ALL',
      ...progressOf(loaded, askedAt),
      ended,
      async deliver(written) {
        const { message } = await causerie.sendMessage(
          { conversationId: id, ...written },
          { signal: ended },
        );
        return message;
      },
    });
    if (loaded.viewerMember) conversation.notificationLevel.setMember(loaded.viewerMember);
    cases.value = new Map(cases.value).set(id, {
      id,
      about: signal<SupportConversationFieldsFragment>(loaded),
      newest: signal(lastMessage),
      conversation,
    });
  }

  async function loadPage(status: SupportStatus, after: string | null): Promise<void> {
    await reconciler.load(
      () => causerie.supportConversations({ status, first: pageSize, after }, { signal: ended }),
      ({ edges, pageInfo }, askedAt) => {
        for (const { node } of edges) add(node, askedAt);
        hasOlder[status].value = pageInfo.hasNextPage;
        cursors[status] = pageInfo.endCursor;
      },
    );
  }

  async function addById(id: string): Promise<void> {
    const askedAt = Date.now();
    const conversation = await causerie.conversation({ id }, { signal: ended });
    if (conversation?.__typename !== 'SupportConversation') throw new Error('gone');
    add(conversation, askedAt);
  }

  /** Adds a conversation that has an event just now, so it is among the newest. */
  async function addUnknown(id: string): Promise<SupportCase | undefined> {
    if (isDesk) {
      const askedAt = Date.now();
      const newest = await causerie.supportConversations({ first: pageSize }, { signal: ended });
      for (const { node } of newest.edges) add(node, askedAt);
    }
    if (!cases.value.has(id)) await addById(id);
    return cases.value.get(id);
  }

  async function receive(event: ConversationEvent): Promise<void> {
    if (event.__typename === 'CaughtUp') {
      caughtUp(event.replayed);
      return isCaughtUp ? undefined : refresh();
    }
    if (event.__typename === 'StreamReset') return reset();
    const id = conversationIdOf(event);
    if (!id) return;
    const entry = cases.value.get(id) ?? (await addUnknown(id));
    if (!entry) return;
    if ('message' in event && event.message.seq >= (entry.newest.value?.seq ?? 0))
      entry.newest.value = event.message;
    if (event.__typename === 'SupportUpdated')
      reconciler.apply(() => (entry.about.value = event.conversation));
    entry.conversation.receive(event);
  }

  /** Any conversation may have changed. Only those whose messages are shown are kept. */
  function reset(): void {
    cases.value = new Map(
      [...cases.value].filter(
        ([, { conversation }]) => conversation.timeline.state.value !== 'empty',
      ),
    );
    refresh();
  }

  /**
   * Loads again, because events between the first load and the start of the subscription were
   * missed.
   */
  function refresh(): void {
    isCaughtUp = true;
    cases.value.forEach(({ conversation }) => conversation.reload());
    loadFirst().catch(() => {});
  }

  async function loadFirst(): Promise<void> {
    if (isDesk) await Promise.all([loadPage('OPEN', null), loadPage('RESOLVED', null)]);
    else
      await reconciler.load(
        () => causerie.mySupportConversation({ metadata: origin() }, { signal: ended }),
        add,
      );
  }

  async function load(): Promise<void> {
    if (viewer.isGuest && !(await causerie.serverInfo({ signal: ended })).guestSupportEnabled)
      return;
    let queue = Promise.resolve();
    const take = (event: ConversationEvent) =>
      void (queue = queue.then(() => receive(event)).catch(() => {}));
    void followAll(causerie.supportMessages({}, { signal: ended }), ended, take, (_code, message) =>
      showToast(message, true),
    );
    await loadFirst();
    isLoaded.value = true;
  }

  return {
    cases,
    isLoaded,
    hasOlder,
    load: () => (loading = load()),
    loadOlder: (status) => loadPage(status, cursors[status]),
    async open(id) {
      await loading?.catch(() => {});
      if (!cases.value.has(id)) await addById(id);
    },
  };
}
