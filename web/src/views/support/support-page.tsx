import type { SupportConversationFieldsFragment } from '@causerie/client';
import { useEffect, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { Home } from '../../state/home.ts';
import type { User } from '../../state/session.ts';
import type { SupportCase } from '../../state/support.ts';
import { nameOf } from '../../state/timeline.ts';
import { attempt } from '../../state/toasts.ts';
import { ConversationHead } from '../conversation/conversation-head.tsx';
import { Conversation } from '../conversation/conversation.tsx';
import { Nowhere } from '../conversation/nowhere.tsx';
import { Icon } from '../elements/icons.tsx';
import { Menu } from '../elements/menu.tsx';
import { t } from '../../texts/texts.ts';

export function SupportPage({ id, home }: { readonly id: string; readonly home: Home }) {
  const { support } = home;
  const entry = support.cases.value.get(id);
  const [isGone, setGone] = useState(false);
  useEffect(() => {
    setGone(false);
    support.open(id).catch(() => setGone(true));
  }, [id, support]);
  if (entry) return <Case key={id} entry={entry} home={home} />;
  if (!isGone) return <main class="place" aria-busy="true" />;
  return (
    <Nowhere
      title={t('Conversation not found')}
      reason={t('This conversation does not exist, or you do not have access to it.')}
    />
  );
}

function Case({
  entry: { id, about, conversation },
  home,
}: {
  readonly entry: SupportCase;
  readonly home: Home;
}) {
  const { viewer } = home;
  const { customer, assignee, status, archivedAt } = about.value;
  const isDesk = viewer.role === 'ADMIN' && customer.id !== viewer.id;
  const name = isDesk ? nameOf(customer) : t('Support');
  const isMine = assignee?.id === viewer.id;
  const resolve = () => void attempt(() => causerie.resolveSupport({ conversationId: id }));
  const assign = (assigneeId: string | null) =>
    void attempt(() => causerie.assignSupport({ conversationId: id, assigneeId }));
  return (
    <main class="place">
      <ConversationHead
        title={
          <>
            <Icon name="help" />
            {name}
          </>
        }
        below={
          isDesk
            ? [stateOf(about.value, viewer), ...originOf(about.value)].join(' · ')
            : stateForCustomer(about.value)
        }
        searchable={{ id, name }}
      >
        {isDesk && status === 'OPEN' && (
          <>
            <button
              type="button"
              class="button"
              onClick={isMine ? resolve : () => assign(viewer.id)}
            >
              {isMine ? t('Resolve') : t('Assign to me')}
            </button>
            <Menu
              label={t('More about {name}', { name })}
              items={[
                isMine
                  ? { label: t('Unassign'), act: () => assign(null) }
                  : { label: t('Resolve'), act: resolve },
              ]}
            >
              <Icon name="more" />
            </Menu>
          </>
        )}
      </ConversationHead>
      <Conversation
        conversation={conversation}
        viewer={viewer}
        name={name}
        conversationId={id}
        limit={home.messageMaxCharacters.value}
        showsRead
        candidates={[]}
        invitation={
          isDesk
            ? undefined
            : t(
                'How can we help? Write your question here. The support team will answer in this conversation.',
              )
        }
        silence={
          archivedAt
            ? t(
                'The customer has deleted their account. You can read this conversation, but you cannot write.',
              )
            : undefined
        }
      />
    </main>
  );
}

/** Where the customer comes from, as far as their client says it. */
function originOf({ metadata }: SupportConversationFieldsFragment): string[] {
  const { page, language } = metadata as Record<string, unknown>;
  return [
    ...(typeof page === 'string' ? [t('from {page}', { page })] : []),
    ...(typeof language === 'string' ? [language] : []),
  ];
}

/** The status of a conversation, for the support desk. */
export function stateOf(
  { status, assignee }: SupportConversationFieldsFragment,
  viewer: User,
): string {
  const isResolved = status === 'RESOLVED';
  if (!assignee) return isResolved ? t('Resolved') : t('Not assigned');
  const name = assignee.id === viewer.id ? t('you') : nameOf(assignee);
  return isResolved ? t('Resolved by {name}', { name }) : t('Assigned to {name}', { name });
}

function stateForCustomer({ status, assignee }: SupportConversationFieldsFragment): string {
  if (status === 'RESOLVED') return t('Resolved. Write again if you need more help.');
  return assignee
    ? t('{name} is helping you', { name: nameOf(assignee) })
    : t('Write here if you need help');
}
