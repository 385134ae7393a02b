import { useEffect, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { Direct } from '../../state/directs.ts';
import type { Home } from '../../state/home.ts';
import { nameOf } from '../../state/timeline.ts';
import { momentOf } from '../../state/times.ts';
import { Avatar } from '../elements/avatar.tsx';
import { ConversationHead } from '../conversation/conversation-head.tsx';
import { Conversation } from '../conversation/conversation.tsx';
import { Nowhere } from '../conversation/nowhere.tsx';
import { t } from '../../texts/texts.ts';

type Presence = { readonly isOnline: boolean; readonly lastSeenAt: string | null };

const pollMs = 30_000;

export function DirectPage({ peerId, home }: { readonly peerId: string; readonly home: Home }) {
  const [direct, setDirect] = useState<Direct | null | undefined>(
    home.directs.all.value.get(peerId),
  );
  const [presence, setPresence] = useState<Presence>();

  useEffect(() => {
    if (!direct) home.directs.open(peerId).then(setDirect, () => setDirect(null));
  }, [peerId]);

  // There is no presence subscription for a single user, so it is polled.
  useEffect(() => {
    const load = () =>
      causerie.user({ id: peerId }, { attempts: 1 }).then(
        (user) => user && setPresence(user),
        () => {},
      );
    void load();
    const timer = setInterval(load, pollMs);
    return () => clearInterval(timer);
  }, [peerId]);

  if (direct === undefined) return <main class="place" aria-busy="true" />;
  if (direct === null)
    return <Nowhere title={t('User not found')} reason={t('This user does not exist.')} />;
  const { peer, conversation, conversationId, isOver } = direct;
  return (
    <main class="place">
      <ConversationHead
        title={
          <>
            <Avatar user={peer} small isOnline={presence?.isOnline ?? false} />
            {nameOf(peer)}
          </>
        }
        below={presenceText(presence) ?? `@${peer.username}`}
        searchable={
          conversationId.value === undefined
            ? undefined
            : { id: conversationId.value, name: nameOf(peer) }
        }
      />
      <Conversation
        conversation={conversation}
        viewer={home.viewer}
        name={nameOf(peer)}
        conversationId={conversationId.value}
        limit={home.messageMaxCharacters.value}
        showsRead
        mayPin
        mayReport
        candidates={[peer]}
        silence={
          isOver.value
            ? t(
                'One of you has deleted their account. You can read this conversation, but you cannot write.',
              )
            : undefined
        }
      />
    </main>
  );
}

function presenceText(presence: Presence | undefined): string | undefined {
  if (presence?.isOnline) return t('Online');
  return presence?.lastSeenAt
    ? t('Last seen {time}', { time: momentOf(presence.lastSeenAt) })
    : undefined;
}
