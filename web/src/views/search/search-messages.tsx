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
import { t } from '../../texts/texts.ts';

interface SearchMessagesProps {
  readonly home: Home;
  readonly opening: SearchOpening;
}

/** The pause after typing. The server limits the number of searches. */
const pauseMs = 500;

export function SearchMessages({ home: { search, viewer }, opening }: SearchMessagesProps) {
  const [here] = useState(searchable.value);
  const [scope, setScope] = useState(opening.scope === 'here' ? here : undefined);
  const asked = search.asked.value;
  const [text, setText] = useState((asked?.conversationId === scope?.id && asked?.query) || '');
  const field = useRef<HTMLInputElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  // A space after the last word says that it is complete.
  const query = text.trimStart();
  const found = search.found.value;
  const refusal = search.refusal.value;

  const isAsked = (conversationId: string | undefined) =>
    search.asked.peek()?.query === query && search.asked.peek()?.conversationId === conversationId;

  function find(conversationId = scope?.id): void {
    if (query !== '' && (search.refusal.peek() || !isAsked(conversationId)))
      void search.find({ query, conversationId });
  }

  // The previous query is selected, so that typing replaces it.
  useLayoutEffect(() => field.current?.select(), []);

  useLayoutEffect(() => {
    if (query === '') return search.clear();
    const timer = setTimeout(() => isAsked(scope?.id) || find(), pauseMs);
    return () => clearTimeout(timer);
  }, [query, scope?.id]);

  const lineState = line.value.is;
  useEffect(() => {
    if (lineState === 'back' && search.refusal.peek()) void search.loadMore();
  }, [lineState]);

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    find();
  }

  function close(): void {
    // The search may have been opened again before this runs.
    if (searchOpen.value === opening) searchOpen.value = undefined;
  }

  function choose(to: ConversationRoute): void {
    close();
    go(to);
  }

  function changeScope(chosen: typeof scope): void {
    setScope(chosen);
    find(chosen?.id);
  }

  async function showMore(): Promise<void> {
    const count = found?.messages.length ?? 0;
    await search.loadMore();
    requestAnimationFrame(() => frame.current?.querySelectorAll('a')[count]?.focus());
  }

  /** Up and Down move between the field and the results. */
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
    <Dialog title={t('Search messages')} onClose={close}>
      <div ref={frame} class="message-search" onKeyDown={move}>
        <form role="search" onSubmit={submit}>
          <label class="search">
            <Icon name="search" />
            <span class="unseen">{t('Search terms')}</span>
            <input
              ref={field}
              value={text}
              maxLength={256}
              inputMode="search"
              enterkeyhint="search"
              autocomplete="off"
              autofocus
              placeholder={
                scope ? t('Search in {name}', { name: scope.name }) : t('Search in all messages')
              }
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </label>
          {here && (
            <Segments
              legend={t('Where')}
              options={[undefined, here].map((value) => ({
                value,
                label: value ? t('In {name}', { name: value.name }) : t('Everywhere'),
              }))}
              chosen={scope}
              onChoose={changeScope}
            />
          )}
        </form>
        <p class="search-status" role="status">
          {statusOf(search)}
        </p>
        {refusal && (
          <Refused
            refusal={refusal}
            isAway={lineState === 'away'}
            onRetry={() => void search.loadMore()}
          />
        )}
        {!search.isSearching.value && !refusal && !found?.messages.length && <SearchHints />}
        {found && found.messages.length > 0 && (
          <div class="results" aria-busy={search.isSearching.value}>
            <ol aria-label={t('Found messages')}>
              {found.messages.map((message) => (
                <li key={message.id}>
                  <FoundMessage
                    message={message}
                    query={found.query}
                    viewer={viewer}
                    showsConversation={search.asked.value?.conversationId === undefined}
                    onChoose={choose}
                  />
                </li>
              ))}
            </ol>
            {search.hasMore.value && (
              <button type="button" class="button" onClick={() => void showMore()}>
                {t('Show more')}
              </button>
            )}
          </div>
        )}
      </div>
    </Dialog>
  );
}

function statusOf({ found, hasMore, isSearching, refusal }: Search): string {
  if (isSearching.value) return t('Searching…');
  const count = found.value?.messages.length;
  if (refusal.value) return '';
  if (count === undefined) return t('Finds words, links and names of files.');
  if (count === 0) return t('No messages found. Only the last word may be incomplete.');
  return hasMore.value ? t('The newest {count}', { count }) : t('{count} found', { count });
}

interface RefusedProps {
  readonly refusal: Refusal;
  readonly isAway: boolean;
  readonly onRetry: () => void;
}

const Refused = ({ refusal: { code, text }, isAway, onRetry }: RefusedProps) => (
  <p class="refused">
    <span role="alert">
      {text} {code === 'RATE_LIMITED' && t('The search continues automatically.')}
      {code !== 'RATE_LIMITED' && isAway && t('The search continues when you are online again.')}
    </span>
    {code !== 'RATE_LIMITED' && code !== 'INVALID' && (
      <button type="button" class="link" onClick={onRetry}>
        {t('Search again')}
      </button>
    )}
  </p>
);

const SearchHints = () => (
  <dl class="search-hints">
    <dt>{t('tea four')}</dt>
    <dd>{t('messages with both words')}</dd>
    <dt>{t('"tea at four"')}</dt>
    <dd>{t('messages with this exact phrase')}</dd>
    <dt>{t('tea or coffee')}</dt>
    <dd>{t('messages with either word')}</dd>
    <dt>{t('tea -milk')}</dt>
    <dd>{t('messages with the first word, but not the second')}</dd>
  </dl>
);
