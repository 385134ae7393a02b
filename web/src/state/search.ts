import { isCauserieError, type ErrorCode, type FoundMessageFieldsFragment } from '@causerie/client';
import { signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { reasonOf } from './toasts.ts';

export type FoundMessage = FoundMessageFieldsFragment;

export interface Question {
  readonly query: string;
  /** Undefined: in all conversations. */
  readonly conversationId: string | undefined;
}

export interface Refusal {
  readonly code: ErrorCode | undefined;
  readonly text: string;
}

export interface Search {
  /** What was asked last, so that it can be gone on with after one of the messages was looked at. */
  readonly asked: ReadonlySignal<Question | undefined>;
  /** The newest first, as far as they were read, and what was asked for them; undefined until there is an answer. */
  readonly found: ReadonlySignal<
    { readonly query: string; readonly messages: readonly FoundMessage[] } | undefined
  >;
  readonly hasMore: ReadonlySignal<boolean>;
  readonly isSearching: ReadonlySignal<boolean>;
  /** Why the last step was refused. One that was RATE_LIMITED is repeated when it may be. */
  readonly refusal: ReadonlySignal<Refusal | undefined>;
  /** Asks this, in place of what was asked before. */
  find(question: Question): Promise<void>;
  /** Reads on; after a refusal, what was refused. */
  more(): Promise<void>;
  forget(): void;
}

/** A conversation that may be searched by itself. */
export interface Searchable {
  readonly id: string;
  readonly name: string;
}

/** The one that is shown. */
export const searchable = signal<Searchable>();

export interface SearchOpening {
  readonly begins: 'everywhere' | 'here';
}

/** The search that is open, if it is; each opening is another object. */
export const searchOpen = signal<SearchOpening>();

const pageSize = 20;
/** Who searches is told soon that the server is not reached. */
const attempts = 3;

export function createSearch(ended: AbortSignal): Search {
  const asked = signal<Question>();
  const found = signal<{ readonly query: string; readonly messages: readonly FoundMessage[] }>();
  const hasMore = signal(false);
  const isSearching = signal(false);
  const refusal = signal<Refusal>();
  let after: string | null = null;
  let step: AbortController | undefined;

  async function read(question: Question): Promise<void> {
    step?.abort();
    const mine = (step = new AbortController());
    isSearching.value = true;
    refusal.value = undefined;
    try {
      const page = await causerie.searchMessages(
        { ...question, first: pageSize, after },
        { signal: AbortSignal.any([ended, mine.signal]), attempts },
      );
      if (step !== mine) return;
      const before = after === null ? [] : found.value!.messages;
      found.value = {
        query: question.query,
        messages: [...before, ...page.edges.map(({ node }) => node)],
      };
      hasMore.value = page.pageInfo.hasNextPage;
      after = page.pageInfo.endCursor;
    } catch (error) {
      if (step !== mine || ended.aborted) return;
      if (after === null) found.value = undefined;
      const known = isCauserieError(error) ? error : undefined;
      refusal.value = { code: known?.code, text: reasonOf(error) };
      if (known?.code === 'RATE_LIMITED')
        setTimeout(
          () => step === mine && !ended.aborted && void read(question),
          known.retryAfterMs,
        );
    }
    isSearching.value = false;
  }

  return {
    asked,
    found,
    hasMore,
    isSearching,
    refusal,
    async find(question) {
      asked.value = question;
      hasMore.value = false;
      after = null;
      await read(question);
    },
    async more() {
      if (asked.value) await read(asked.value);
    },
    forget() {
      step?.abort();
      step = asked.value = found.value = refusal.value = undefined;
      hasMore.value = isSearching.value = false;
    },
  };
}
