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
      title="No such conversation"
      reason="There is no conversation here, or it is not open to you."
    />
  );
}

function Case({
  entry: { id, about, talk },
  home,
}: {
  readonly entry: SupportCase;
  readonly home: Home;
}) {
  const { viewer } = home;
  const { customer, assignee, status, archivedAt } = about.value;
  const isDesk = viewer.role === 'ADMIN' && customer.id !== viewer.id;
  const name = isDesk ? nameOf(customer) : 'Support';
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
        below={isDesk ? stateOf(about.value, viewer) : stateForCustomer(about.value)}
        searchable={{ id, name }}
      >
        {isDesk && status === 'OPEN' && (
          <>
            <button
              type="button"
              class="button"
              onClick={isMine ? resolve : () => assign(viewer.id)}
            >
              {isMine ? 'Dealt with' : 'Take it'}
            </button>
            <Menu
              label={`More about ${name}`}
              items={[
                isMine
                  ? { label: 'Give back', act: () => assign(null) }
                  : { label: 'Dealt with', act: resolve },
              ]}
            >
              <Icon name="more" />
            </Menu>
          </>
        )}
      </ConversationHead>
      <Conversation
        talk={talk}
        viewer={viewer}
        name={name}
        conversationId={id}
        limit={home.messageMaxCharacters.value}
        showsRead
        candidates={[]}
        invitation={
          isDesk
            ? undefined
            : 'How can we help? Write it here: whoever is on the support desk reads it, and the answer comes here.'
        }
        silence={
          archivedAt
            ? 'The customer has deleted their account. This can be read, and no longer written to.'
            : undefined
        }
      />
    </main>
  );
}

/** Where a conversation is at, for those on the desk. */
export function stateOf(
  { status, assignee }: SupportConversationFieldsFragment,
  viewer: User,
): string {
  const who = assignee && (assignee.id === viewer.id ? 'you' : nameOf(assignee));
  if (status === 'RESOLVED') return who ? `Dealt with by ${who}` : 'Dealt with';
  return who ? `With ${who}` : 'Nobody has it yet';
}

function stateForCustomer({ status, assignee }: SupportConversationFieldsFragment): string {
  if (status === 'RESOLVED') return 'Dealt with. Write again if it is not.';
  return assignee ? `${nameOf(assignee)} looks after it` : 'Write here when you need help';
}
