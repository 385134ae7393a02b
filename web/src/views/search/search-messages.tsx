import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Home } from '../../state/home.ts';
import { line } from '../../state/line.ts';
import { go, type ConversationRoute } from '../../state/route.ts';
import {
  searchable,
  searchOpen,
  type Refusal,
  type Search,
  type SearchOpening,
} from '../../state/search.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Icon } from '../elements/icons.tsx';
import { Segments } from '../elements/segments.tsx';
import { FoundMessage } from './found-message.tsx';

interface SearchMessagesProps {
  readonly home: Home;
  readonly opening: SearchOpening;
}

/** Searches are counted by the server: one is worth a pause. */
const pauseMs = 500;

export function SearchMessages({ home: { search, viewer }, opening }: SearchMessagesProps) {
  const [here] = useState(searchable.value);
  const [scope, setScope] = useState(opening.scope === 'here' ? here : undefined);
  const kept = search.asked.value?.conversationId === scope?.id ? search.asked.value : undefined;
  const [text, setText] = useState(kept?.query ?? '');
  const field = useRef<HTMLInputElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const query = text.trim();
  const found = search.found.value;
  const refusal = search.refusal.value;

  const isAsked = (conversationId: string | undefined) =>
    search.asked.peek()?.query === query && search.asked.peek()?.conversationId === conversationId;

  function find(conversationId = scope?.id): void {
    if (query !== '' && (search.refusal.peek() || !isAsked(conversationId)))
      void search.find({ query, conversationId });
  }

  // What was asked before is there to be replaced.
  useLayoutEffect(() => field.current?.select(), []);

  useLayoutEffect(() => {
    if (query === '') return search.forget();
    const timer = setTimeout(() => isAsked(scope?.id) || find(), pauseMs);
    return () => clearTimeout(timer);
  }, [query, scope?.id]);

  const lineIs = line.value.is;
  useEffect(() => {
    if (lineIs === 'back' && search.refusal.peek()) void search.more();
  }, [lineIs]);

  /** It may have been opened anew before this is told. */
  const close = () => void (searchOpen.value === opening && (searchOpen.value = undefined));

  function choose(place: ConversationRoute): void {
    close();
    go(place);
  }

  function narrow(chosen: typeof scope): void {
    setScope(chosen);
    find(chosen?.id);
  }

  async function more(): Promise<void> {
    const count = found?.messages.length ?? 0;
    await search.more();
    requestAnimationFrame(() => frame.current?.querySelectorAll('a')[count]?.focus());
  }

  /** Up and down go from the field through what was found. */
  function move(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.isComposing) return;
    const stops: readonly (HTMLElement | null)[] = [
      field.current,
      ...frame.current!.querySelectorAll<HTMLElement>('.results a, .results button'),
    ];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    if (at < 0) return;
    event.preventDefault();
    stops[at + step]?.focus();
  }

  return (
    <Dialog title="Search messages" onClose={close}>
      <div ref={frame} class="message-search" onKeyDown={move}>
        <form role="search" onSubmit={(event) => (event.preventDefault(), find())}>
          <label class="search">
            <Icon name="search" />
            <span class="unseen">Words to search for</span>
            <input
              ref={field}
              value={text}
              maxLength={256}
              inputMode="search"
              enterkeyhint="search"
              autocomplete="off"
              autofocus
              placeholder={scope ? `Search in ${scope.name}` : 'Search in all messages'}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </label>
          {here && (
            <Segments
              legend="Where"
              options={[undefined, here].map((value) => ({
                value,
                label: value ? `In ${value.name}` : 'Everywhere',
              }))}
              chosen={scope}
              onChoose={narrow}
            />
          )}
        </form>
        <p class="search-status" role="status">
          {statusOf(search)}
        </p>
        {refusal && (
          <Refused refusal={refusal} isAway={lineIs === 'away'} again={() => void search.more()} />
        )}
        {!search.isSearching.value && !refusal && !found?.messages.length && <WhatCanBeWritten />}
        {found && found.messages.length > 0 && (
          <div class="results" aria-busy={search.isSearching.value}>
            <ol aria-label="Found messages">
              {found.messages.map((message) => (
                <li key={message.id}>
                  <FoundMessage
                    message={message}
                    query={found.query}
                    viewer={viewer}
                    showsPlace={search.asked.value?.conversationId === undefined}
                    onChoose={choose}
                  />
                </li>
              ))}
            </ol>
            {search.hasMore.value && (
              <button type="button" class="button" onClick={() => void more()}>
                Show more
              </button>
            )}
          </div>
        )}
      </div>
    </Dialog>
  );
}

function statusOf({ found, hasMore, isSearching, refusal }: Search): string {
  if (isSearching.value) return 'Searching…';
  const count = found.value?.messages.length;
  if (refusal.value) return '';
  if (count === undefined) return 'Words are found whole, in upper and lower case.';
  if (count === 0) return 'Nothing found. Words are found whole, as they were written.';
  return hasMore.value ? `The newest ${count}` : `${count} found`;
}

interface RefusedProps {
  readonly refusal: Refusal;
  readonly isAway: boolean;
  readonly again: () => void;
}

const Refused = ({ refusal: { code, text }, isAway, again }: RefusedProps) => (
  <p class="refused">
    <span role="alert">
      {text}{' '}
      {code === 'RATE_LIMITED'
        ? 'It goes on by itself.'
        : isAway
          ? 'It goes on when the connection is back.'
          : ''}
    </span>
    {code !== 'RATE_LIMITED' && code !== 'INVALID' && (
      <button type="button" class="link" onClick={again}>
        Search again
      </button>
    )}
  </p>
);

const WhatCanBeWritten = () => (
  <dl class="search-hints">
    <dt>tea four</dt>
    <dd>messages with both words</dd>
    <dt>"tea at four"</dt>
    <dd>these words, beside each other</dd>
    <dt>tea or coffee</dt>
    <dd>either of them</dd>
    <dt>tea -milk</dt>
    <dd>the first, and not the second</dd>
  </dl>
);
