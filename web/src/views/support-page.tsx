import { useEffect, useState } from 'preact/hooks';
import { causerie } from '../causerie.ts';
import type { Home } from '../state/home.ts';
import type { SupportCase } from '../state/support.ts';
import { nameOf } from '../state/timeline.ts';
import { attempt } from '../state/toasts.ts';
import { ConversationHead } from './conversation-head.tsx';
import { Conversation } from './conversation.tsx';
import { Icon } from './icons.tsx';

export function SupportPage({ id, home }: { readonly id: string; readonly home: Home }) {
  const entry = home.support.cases.value.get(id);
  const [isGone, setGone] = useState(false);
  useEffect(() => void home.support.open(id).catch(() => setGone(true)), [id]);
  if (entry) return <Case entry={entry} home={home} />;
  if (!isGone) return <main class="place" aria-busy="true" />;
  return (
    <main class="place">
      <ConversationHead title="No such conversation" below="" />
      <p class="hint is-empty">
        There is no conversation here, or it is not open to you. <a href="#/">Back to the lobby</a>
      </p>
    </main>
  );
}

function Case({ entry: { id, about, talk }, home }: { readonly entry: SupportCase; readonly home: Home }) {
  const { viewer } = home;
  const { customer, assignee, status, archivedAt } = about.value;
  const isDesk = viewer.role === 'ADMIN';
  const state = status === 'RESOLVED' ? 'Dealt with' : assignee ? `With ${nameOf(assignee)}` : 'Open';
  const name = isDesk ? nameOf(customer) : 'Support';
  return (
    <main class="place">
      <ConversationHead
        title={
          <>
            <Icon name="help" />
            {name}
          </>
        }
        below={isDesk || status === 'RESOLVED' || assignee ? state : 'Write here when you need help'}
        searchable={{ id, name }}
      >
        {isDesk && assignee?.id !== viewer.id && (
          <button type="button" class="button" onClick={() => void attempt(() => causerie.assignSupport({ conversationId: id, assigneeId: viewer.id }))}>
            Take it
          </button>
        )}
        {isDesk && status === 'OPEN' && (
          <button type="button" class="button" onClick={() => void attempt(() => causerie.resolveSupport({ conversationId: id }))}>
            Dealt with
          </button>
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
        keepsOrder={isDesk}
        silence={archivedAt ? 'The customer has deleted their account. This can be read, and no longer written to.' : undefined}
      />
    </main>
  );
}
