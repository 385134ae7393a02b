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

type Presence = { readonly isOnline: boolean; readonly lastSeenAt: string | null };

const lookEveryMs = 30_000;

export function DirectPage({ peerId, home }: { readonly peerId: string; readonly home: Home }) {
  const [direct, setDirect] = useState<Direct | null | undefined>(
    home.directs.all.value.get(peerId),
  );
  const [presence, setPresence] = useState<Presence>();

  useEffect(() => {
    if (!direct) home.directs.open(peerId).then(setDirect, () => setDirect(null));
  }, [peerId]);

  // Whether somebody is there is told for rooms only; here it is asked for, now and then.
  useEffect(() => {
    const look = () =>
      causerie.user({ id: peerId }, { attempts: 1 }).then(
        (user) => user && setPresence(user),
        () => {},
      );
    void look();
    const timer = setInterval(look, lookEveryMs);
    return () => clearInterval(timer);
  }, [peerId]);

  if (direct === undefined) return <main class="place" aria-busy="true" />;
  if (direct === null) return <Nowhere title="Nobody" reason="There is nobody of this name." />;
  const { peer, talk, conversationId, isOver } = direct;
  const below = presence?.isOnline
    ? 'Online'
    : presence?.lastSeenAt
      ? `Last seen ${momentOf(presence.lastSeenAt)}`
      : `@${peer.username}`;
  return (
    <main class="place">
      <ConversationHead
        title={
          <>
            <Avatar user={peer} small isOnline={presence?.isOnline ?? false} />
            {nameOf(peer)}
          </>
        }
        below={below}
        searchable={
          conversationId.value === undefined
            ? undefined
            : { id: conversationId.value, name: nameOf(peer) }
        }
      />
      <Conversation
        talk={talk}
        viewer={home.viewer}
        name={nameOf(peer)}
        conversationId={conversationId.value}
        limit={home.messageMaxCharacters.value}
        showsRead
        mayReport
        candidates={[peer]}
        silence={
          isOver.value
            ? 'One of you has deleted their account. This can be read, and no longer written to.'
            : undefined
        }
      />
    </main>
  );
}
