import { useEffect, useState } from 'preact/hooks';
import type { Home } from '../../state/home.ts';
import { createMembers, type Members } from '../../state/members.ts';
import { followPresence } from '../../state/room-life.ts';
import type { JoinedRoom } from '../../state/rooms.ts';
import type { Message } from '../../state/timeline.ts';
import { untilOf } from '../../state/times.ts';
import { ConversationHead } from '../conversation/conversation-head.tsx';
import { Conversation } from '../conversation/conversation.tsx';
import { Icon } from '../elements/icons.tsx';
import { useIsAhead } from '../elements/use-is-ahead.ts';
import { canModerate, rankOf, ranksAbove, type Rank } from '../moderation/moderation-rights.ts';
import { MembersPanel } from './members-panel.tsx';
import { RoomMenu } from './room-menu.tsx';
import { lazy } from '../elements/lazy.tsx';
import { t } from '../../texts/texts.ts';

const RoomPreview = lazy(async () => (await import('./room-preview.tsx')).RoomPreview);

export function RoomPage({ id, home }: { readonly id: string; readonly home: Home }) {
  const joined = home.rooms.joined.value;
  const entry = joined?.get(id);
  if (entry) return <InRoom key={id} entry={entry} home={home} />;
  if (joined) return <RoomPreview id={id} home={home} />;
  return <main class="place" aria-busy="true" />;
}

interface Life {
  readonly members: Members;
  readonly online: ReturnType<typeof followPresence>;
}

const isWide = () => matchMedia('(min-width: 1100px)').matches;

function InRoom({ entry, home }: { readonly entry: JoinedRoom; readonly home: Home }) {
  const { id, conversation } = entry;
  const { viewer } = home;
  const [life, setLife] = useState<Life>();
  const [showsMembers, setShowsMembers] = useState(isWide);
  const room = entry.room.value;

  useEffect(() => {
    const controller = new AbortController();
    const members = createMembers(id);
    const removeListener = entry.onEvent(members.receive);
    members.loadMore().catch(() => {});
    setLife({ members, online: followPresence(id, controller.signal) });
    return () => {
      removeListener();
      controller.abort();
    };
  }, [id]);

  const online = life?.online.value;
  const others = (life?.members.list.value ?? [])
    .map(({ user }) => user)
    .filter((user) => user.id !== viewer.id);
  const mutedUntil = entry.mutedUntil.value;
  const isMuted = useIsAhead(mutedUntil);
  const muteText = isMuted
    ? t('You are muted in this room until {time}. You can still read.', {
        time: untilOf(mutedUntil!),
      })
    : undefined;
  const silence = room.archivedAt
    ? t('This room is archived. You can read it, but you cannot write.')
    : muteText;
  const rank = rankOf(viewer, entry.role.value);
  function rankOfAuthor(author: Message['author']): Rank {
    const member = life?.members.list.value.find(({ user }) => user.id === author.id);
    return rankOf(author, member?.role ?? 'MEMBER');
  }
  return (
    <main class={`place ${showsMembers ? 'has-panel' : ''}`}>
      <ConversationHead
        title={
          <>
            <Icon name={room.visibility === 'PRIVATE' ? 'lock' : 'hash'} />
            {room.name}
          </>
        }
        below={room.topic ?? ''}
        searchable={{ id, name: room.name }}
      >
        {room.slowModeSeconds > 0 && (
          <span
            class="badge"
            title={t('One message every {seconds} s', { seconds: room.slowModeSeconds })}
          >
            {t('slow mode, {seconds} s', { seconds: room.slowModeSeconds })}
          </span>
        )}
        <button
          type="button"
          class="plain people-button"
          aria-pressed={showsMembers}
          aria-label={t('Members, {count} online', { count: online?.size ?? 0 })}
          title={t('Members')}
          onClick={() => setShowsMembers(!showsMembers)}
        >
          <Icon name="people" />
          <span aria-hidden="true">{online?.size ?? ''}</span>
        </button>
        <RoomMenu entry={entry} home={home} />
      </ConversationHead>
      <Conversation
        conversation={conversation}
        viewer={viewer}
        name={room.name}
        conversationId={id}
        limit={home.messageMaxCharacters.value}
        candidates={others}
        silence={silence}
        mayDelete={({ author }) => canModerate(rank) && ranksAbove(rank, rankOfAuthor(author))}
        mayPin={canModerate(rank)}
        mayReport
      />
      {showsMembers && life && (
        <MembersPanel
          roomId={id}
          members={life.members}
          online={life.online.value}
          viewer={viewer}
          role={rank}
          onClose={() => setShowsMembers(false)}
        />
      )}
    </main>
  );
}
