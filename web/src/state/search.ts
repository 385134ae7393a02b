import { isCauserieError, type ErrorCode, type FoundMessageFieldsFragment } from '@causerie/client';
import { signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { reasonOf } from './toasts.ts';

export type FoundMessage = FoundMessageFieldsFragment;

export interface Question {
  readonly query: string;
  /** Undefined: search in all conversations. */
  readonly conversationId: string | undefined;
}

export interface Refusal {
  readonly code: ErrorCode | undefined;
  readonly text: string;
}

export interface Search {
  /** The last search, so that the viewer can return to it after opening a result. */
  readonly asked: ReadonlySignal<Question | undefined>;
  /** The loaded results, newest first, and their query; undefined until there is an answer. */
  readonly found: ReadonlySignal<
    { readonly query: string; readonly messages: readonly FoundMessage[] } | undefined
  >;
  readonly hasMore: ReadonlySignal<boolean>;
  readonly isSearching: ReadonlySignal<boolean>;
  /** Why the last request was refused. A RATE_LIMITED one is repeated automatically. */
  readonly refusal: ReadonlySignal<Refusal | undefined>;
  /** Starts a new search. */
  find(question: Question): Promise<void>;
  /** Loads more results; after a refusal, repeats the refused request. */
  loadMore(): Promise<void>;
  clear(): void;
}

/** A conversation that can be searched separately. */
export interface Searchable {
  readonly id: string;
  readonly name: string;
}

/** The conversation that is shown, if it can be searched. */
export const searchable = signal<Searchable>();

export interface SearchOpening {
  readonly scope: 'everywhere' | 'here';
}

/** The open search dialog, if there is one. Each opening is a new object. */
export const searchOpen = signal<SearchOpening>();

const pageSize = 20;
/** Few, so that the dialog soon reports an unreachable server. */
const attempts = 3;

export function createSearch(ended: AbortSignal): Search {
  const asked = signal<Question>();
  const found = signal<{ readonly query: string; readonly messages: readonly FoundMessage[] }>();
  const hasMore = signal(false);
  const isSearching = signal(false);
  const refusal = signal<Refusal>();
  let after: string | null = null;
  let current: AbortController | undefined;

  async function load(question: Question): Promise<void> {
    current?.abort();
    const own = (current = new AbortController());
    isSearching.value = true;
    refusal.value = undefined;
    try {
      const page = await causerie.searchMessages(
        { ...question, first: pageSize, after },
        { signal: AbortSignal.any([ended, own.signal]), attempts },
      );
      if (current !== own) return;
      const before = after === null ? [] : found.value!.messages;
      found.value = {
        query: question.query,
        messages: [...before, ...page.edges.map(({ node }) => node)],
      };
      hasMore.value = page.pageInfo.hasNextPage;
      after = page.pageInfo.endCursor;
    } catch (error) {
      if (current !== own || ended.aborted) return;
      if (after === null) found.value = undefined;
      const known = isCauserieError(error) ? error : undefined;
      refusal.value = { code: known?.code, text: reasonOf(error) };
      if (known?.code === 'RATE_LIMITED')
        setTimeout(() => {
          if (current === own && !ended.aborted) void load(question);
        }, known.retryAfterMs);
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
      await load(question);
    },
    async loadMore() {
      if (asked.value) await load(asked.value);
    },
    clear() {
      current?.abort();
      current = undefined;
      asked.value = undefined;
      found.value = undefined;
      refusal.value = undefined;
      hasMore.value = false;
      isSearching.value = false;
    },
  };
}
