import type { ComponentChildren } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { searchable as shownSearchable, searchOpen, type Searchable } from '../../state/search.ts';
import { Icon } from '../elements/icons.tsx';
import { t } from '../../texts/texts.ts';

interface ConversationHeadProps {
  readonly title: ComponentChildren;
  readonly below: string;
  /** Undefined if the page cannot be searched. */
  readonly searchable?: Searchable | undefined;
  readonly children?: ComponentChildren;
}

export function ConversationHead({ title, below, searchable, children }: ConversationHeadProps) {
  useLayoutEffect(() => {
    shownSearchable.value = searchable;
    return () => void (shownSearchable.value = undefined);
  }, [searchable?.id, searchable?.name]);
  return (
    <header class="head">
      <a class="plain back" href="#/" aria-label={t('Back to the lobby')}>
        <Icon name="back" />
      </a>
      <div class="head-title">
        <h1>{title}</h1>
        {below && (
          <p title={below} dir="auto">
            {below}
          </p>
        )}
      </div>
      {searchable && (
        <button
          type="button"
          class="plain"
          aria-label={t('Search in {name}', { name: searchable.name })}
          title={t('Search in {name}', { name: searchable.name })}
          onClick={() => (searchOpen.value = { scope: 'here' })}
        >
          <Icon name="search" />
        </button>
      )}
      {children}
    </header>
  );
}
