import type { SupportStatus } from '@causerie/client';
import { useState } from 'preact/hooks';
import type { Home } from '../../state/home.ts';
import { addressOf } from '../../state/route.ts';
import type { User } from '../../state/session.ts';
import { newestFirst, timeOfNewest, type SupportCase } from '../../state/support.ts';
import { nameOf } from '../../state/timeline.ts';
import { momentOf, shortMomentOf } from '../../state/times.ts';
import { attempt } from '../../state/toasts.ts';
import { ConversationHead } from '../conversation/conversation-head.tsx';
import { Avatar } from '../elements/avatar.tsx';
import { Icon } from '../elements/icons.tsx';
import { Segments } from '../elements/segments.tsx';
import { stateOf } from './support-page.tsx';
import { t } from '../../texts/texts.ts';
import { ShowOlder } from '../elements/show-older.tsx';

const tabs: readonly {
  readonly value: SupportStatus;
  readonly label: string;
  readonly none: string;
}[] = [
  { value: 'OPEN', label: t('Open (status)'), none: t('No open conversations.') },
  { value: 'RESOLVED', label: t('Resolved'), none: t('No resolved conversations yet.') },
];

/** All support conversations, for the support desk. */
export function DeskPage({ home: { viewer, support } }: { readonly home: Home }) {
  const [status, setStatus] = useState<SupportStatus>('OPEN');
  const shown = newestFirst(support.cases.value.values()).filter(
    ({ about }) => about.value.status === status,
  );
  const { none } = tabs.find(({ value }) => value === status)!;
  return (
    <main class="place">
      <ConversationHead
        title={
          <>
            <Icon name="help" />
            {t('Support desk')}
          </>
        }
        below={t('Conversations with customers')}
      />
      <div class="desk">
        <Segments legend={t('Status')} options={tabs} chosen={status} onChoose={setStatus} />
        <ul aria-label={t('Conversations')} aria-busy={!support.isLoaded.value}>
          {shown.map((entry) => (
            <li key={entry.id}>
              <CaseLink entry={entry} viewer={viewer} />
            </li>
          ))}
        </ul>
        {support.isLoaded.value && shown.length === 0 && <p class="hint">{none}</p>}
        {support.hasOlder[status].value && (
          <ShowOlder onShow={() => attempt(() => support.loadOlder(status))} />
        )}
      </div>
    </main>
  );
}

const nameFor = (viewer: User, author: User): string =>
  author.id === viewer.id ? t('You') : nameOf(author);

function CaseLink({ entry, viewer }: { readonly entry: SupportCase; readonly viewer: User }) {
  const { id, about, newest, conversation } = entry;
  const { customer } = about.value;
  const unread = conversation.unread.value;
  const last = newest.value;
  return (
    <a href={addressOf({ at: 'support', id })} class={unread > 0 ? 'case is-unread' : 'case'}>
      <Avatar user={customer} />
      <span class="who">
        <span class="case-head">
          <strong>{nameOf(customer)}</strong>
          <small>{stateOf(about.value, viewer)}</small>
        </span>
        {last && (
          <span class="words">
            {last.author.id !== customer.id && `${nameFor(viewer, last.author)}: `}
            {last.deletedAt ? t('deleted') : last.body}
          </span>
        )}
      </span>
      <span class="case-side">
        <time dateTime={timeOfNewest(entry)} title={momentOf(timeOfNewest(entry))}>
          {shortMomentOf(timeOfNewest(entry))}
        </time>
        {unread > 0 && (
          <span class="count">
            {unread > 99 ? '99+' : unread}
            <span class="unseen"> {t('unread')}</span>
          </span>
        )}
      </span>
    </a>
  );
}
