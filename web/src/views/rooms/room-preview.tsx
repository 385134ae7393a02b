import { useEffect, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import { isLookedAt, onAttention } from '../../state/attention.ts';
import type { Home } from '../../state/home.ts';
import type { User } from '../../state/session.ts';
import { createConversationState, type ConversationState } from '../../state/conversation.ts';
import { untilOf } from '../../state/times.ts';
import { attempt } from '../../state/toasts.ts';
import { ConversationHead } from '../conversation/conversation-head.tsx';
import { Conversation } from '../conversation/conversation.tsx';
import { Nowhere } from '../conversation/nowhere.tsx';
import { Icon } from '../elements/icons.tsx';
import { useIsAhead } from '../elements/use-is-ahead.ts';
import { lazy } from '../elements/lazy.tsx';
import { t } from '../../texts/texts.ts';

const Moderation = lazy(async () => (await import('../moderation/moderation.tsx')).Moderation);

type LoadedRoom = NonNullable<Awaited<ReturnType<typeof causerie.room>>>;

/** A public room before the viewer joins it, or while they are banned. */
export function RoomPreview({ id, home }: { readonly id: string; readonly home: Home }) {
  const [room, setRoom] = useState<LoadedRoom | null>();
  const [conversation, setConversation] = useState<ConversationState>();
  const [isModerating, setModerating] = useState(false);
  const ban = room?.viewerBan;
  const isBanned = useIsAhead(ban?.until) || (ban != null && ban.until === null);

  useEffect(() => {
    const controller = new AbortController();
    async function load(): Promise<void> {
      const loaded = await causerie.room({ id }, { signal: controller.signal });
      if (controller.signal.aborted) return;
      if (loaded?.viewerMember) return home.rooms.add(loaded);
      setRoom(loaded);
      setConversation((known) => known ?? createPreviewConversation(id, home.viewer));
    }
    void attempt(load);
    // No event says that a ban was lifted.
    const removeListener = onAttention(() => {
      if (isBanned && isLookedAt()) void attempt(load);
    });
    return () => {
      removeListener();
      controller.abort();
    };
  }, [id, isBanned]);

  if (room === undefined) return <main class="place" aria-busy="true" />;
  if (room === null || !conversation)
    return (
      <Nowhere
        title={t('Room not found')}
        reason={t('This room does not exist, or you do not have access to it.')}
      />
    );
  const join = () => attempt(async () => home.rooms.add(await causerie.joinRoom({ roomId: id })));
  return (
    <main class="place">
      <ConversationHead
        title={
          <>
            <Icon name="hash" />
            {room.name}
          </>
        }
        below={room.topic ?? ''}
        searchable={{ id, name: room.name }}
      >
        {home.viewer.role === 'ADMIN' && (
          <button type="button" class="button" onClick={() => setModerating(true)}>
            {t('Moderation')}
          </button>
        )}
        {!isBanned && !room.archivedAt && (
          <button type="button" class="primary small" onClick={join}>
            {t('Join')}
          </button>
        )}
      </ConversationHead>
      <Conversation
        conversation={conversation}
        viewer={home.viewer}
        name={room.name}
        conversationId={undefined}
        limit={0}
        candidates={[]}
        silence={isBanned ? banText(ban!) : silenceOf(room)}
      />
      {isModerating && <Moderation roomId={id} onClose={() => setModerating(false)} />}
    </main>
  );
}

/** A preview has no unread messages, and nothing can be sent. */
const createPreviewConversation = (id: string, viewer: User): ConversationState =>
  createConversationState({
    id: () => id,
    place: `preview:${id}`,
    viewer,
    defaultLevel: 'NOTHING',
    newestSeq: 0,
    lastReadSeq: Infinity,
    ended: AbortSignal.abort(),
    deliver: () => Promise.reject(new Error('Only members can write.')),
  });

function banText({ until, reason }: NonNullable<LoadedRoom['viewerBan']>): string {
  const ban = until
    ? t('You are banned from this room until {time}.', { time: untilOf(until) })
    : t('You are banned from this room.');
  return reason ? `${ban} ${t('Reason: {reason}', { reason })}` : ban;
}

const silenceOf = ({ archivedAt }: LoadedRoom): string =>
  archivedAt
    ? t('This room is archived. You can read it, but you cannot write.')
    : t('You are previewing this room. Join it to write and to receive new messages.');
