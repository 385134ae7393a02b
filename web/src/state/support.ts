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
import { createReading } from './reading.ts';
import type { User } from './session.ts';
import { createTalk, standingOf, type ConversationEvent, type Talk } from './talk.ts';
import { tell } from './toasts.ts';

/** What a customer and the desk write to each other. */
export interface SupportCase {
  readonly id: string;
  readonly about: Signal<SupportConversationFieldsFragment>;
  /** Null while nothing was written. */
  readonly newest: Signal<LastMessageFieldsFragment | null>;
  readonly talk: Talk;
}

export interface Support {
  /** A customer's own one; to the desk, those in which something was written, as far as they were read. By id. */
  readonly cases: ReadonlySignal<ReadonlyMap<string, SupportCase>>;
  /** Whether the first of them are there. */
  readonly isLoaded: ReadonlySignal<boolean>;
  /** Of the desk: whether there are older ones of that status. */
  readonly hasOlder: Readonly<Record<SupportStatus, ReadonlySignal<boolean>>>;
  load(): Promise<void>;
  loadOlder(status: SupportStatus): Promise<void>;
  /** Also one that is not among the newest. Rejects when there is none of this id for the viewer. */
  open(id: string): Promise<void>;
}

const pageSize = 50;

export function createSupport(viewer: User, ended: AbortSignal): Support {
  const cases = signal<ReadonlyMap<string, SupportCase>>(new Map());
  const isLoaded = signal(false);
  const hasOlder = { OPEN: signal(false), RESOLVED: signal(false) };
  const cursors: Record<SupportStatus, string | null> = { OPEN: null, RESOLVED: null };
  const isDesk = viewer.role === 'ADMIN';
  let loading: Promise<void> | undefined;
  const reading = createReading();
  let isBegun = false;

  function add(given: MySupportConversationFieldsFragment): void {
    const { id, lastMessage } = given;
    const known = cases.value.get(id);
    if (known) {
      known.about.value = given;
      if ((lastMessage?.seq ?? 0) > (known.newest.value?.seq ?? 0))
        known.newest.value = lastMessage;
      return known.talk.reach(standingOf(given));
    }
    const talk = createTalk({
      id: () => id,
      viewer,
      ...standingOf(given),
      deliver: async (body, replyToId, idempotencyKey) =>
        (
          await causerie.sendMessage(
            { conversationId: id, body, replyToId, idempotencyKey },
            { signal: ended },
          )
        ).message,
    });
    cases.value = new Map(cases.value).set(id, {
      id,
      about: signal<SupportConversationFieldsFragment>(given),
      newest: signal(lastMessage),
      talk,
    });
  }

  async function readPage(status: SupportStatus, after: string | null): Promise<void> {
    await reading.read(
      () => causerie.supportConversations({ status, first: pageSize, after }, { signal: ended }),
      ({ edges, pageInfo }) => {
        for (const { node } of edges) add(node);
        hasOlder[status].value = pageInfo.hasNextPage;
        cursors[status] = pageInfo.endCursor;
      },
    );
  }

  async function find(id: string): Promise<void> {
    const conversation = await causerie.conversation({ id }, { signal: ended });
    if (conversation?.__typename !== 'SupportConversation') throw new Error('gone');
    add({ ...conversation, lastMessage: null });
  }

  /** One in which something was written just now is among the newest of them all. */
  async function meet(id: string): Promise<SupportCase | undefined> {
    if (isDesk)
      for (const { node } of (
        await causerie.supportConversations({ first: pageSize }, { signal: ended })
      ).edges)
        add(node);
    if (!cases.value.has(id)) await find(id);
    return cases.value.get(id);
  }

  async function hear(event: ConversationEvent): Promise<void> {
    if (event.__typename === 'CaughtUp') {
      caughtUp(event.replayed);
      return isBegun ? undefined : refresh();
    }
    if (event.__typename === 'StreamReset') return reset();
    const place =
      'message' in event
        ? event.message.conversation.id
        : 'conversation' in event
          ? event.conversation.id
          : undefined;
    const entry = place === undefined ? undefined : (cases.value.get(place) ?? (await meet(place)));
    if (!entry) return;
    if ('message' in event && event.message.seq >= (entry.newest.value?.seq ?? 0))
      entry.newest.value = event.message;
    if (event.__typename === 'SupportUpdated')
      reading.hear(() => (entry.about.value = event.conversation));
    entry.talk.hear(event);
  }

  /** What was missed may have changed any of them. Those whose messages are shown stay. */
  function reset(): void {
    cases.value = new Map(
      [...cases.value].filter(([, { talk }]) => talk.timeline.state.value !== 'empty'),
    );
    refresh();
  }

  /** What happened since they were read was not heard. */
  function refresh(): void {
    isBegun = true;
    cases.value.forEach(({ talk }) => talk.reload());
    readFirst().catch(() => {});
  }

  async function readFirst(): Promise<void> {
    if (isDesk) await Promise.all([readPage('OPEN', null), readPage('RESOLVED', null)]);
    else await reading.read(() => causerie.mySupportConversation({ signal: ended }), add);
  }

  async function load(): Promise<void> {
    // Guests have none.
    if (viewer.isGuest) return;
    let order = Promise.resolve();
    const take = (event: ConversationEvent) =>
      void (order = order.then(() => hear(event)).catch(() => {}));
    void followAll(causerie.supportMessages({}, { signal: ended }), ended, take, (_code, message) =>
      tell(message, true),
    );
    await readFirst();
    isLoaded.value = true;
  }

  return {
    cases,
    isLoaded,
    hasOlder,
    load: () => (loading = load()),
    loadOlder: (status) => readPage(status, cursors[status]),
    async open(id) {
      await loading?.catch(() => {});
      if (!cases.value.has(id)) await find(id);
    },
  };
}
