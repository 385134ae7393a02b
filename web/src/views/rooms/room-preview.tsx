import { useEffect, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import { isLookedAt, onAttention } from '../../state/attention.ts';
import type { Home } from '../../state/home.ts';
import { createTalk, type Talk } from '../../state/talk.ts';
import { untilOf } from '../../state/times.ts';
import { attempt } from '../../state/toasts.ts';
import { ConversationHead } from '../conversation/conversation-head.tsx';
import { Conversation } from '../conversation/conversation.tsx';
import { Nowhere } from '../conversation/nowhere.tsx';
import { Icon } from '../elements/icons.tsx';
import { useIsAhead } from '../elements/use-is-ahead.ts';
import { Moderation } from '../moderation/moderation.tsx';

type SeenRoom = NonNullable<Awaited<ReturnType<typeof causerie.room>>>;

/** A public room may be looked at before one joins. */
export function RoomPreview({ id, home }: { readonly id: string; readonly home: Home }) {
  const [room, setRoom] = useState<SeenRoom | null>();
  const [talk, setTalk] = useState<Talk>();
  const [isModerating, setModerating] = useState(false);
  const ban = room?.viewerBan;
  const isBanned = useIsAhead(ban?.until) || (ban != null && ban.until === null);

  useEffect(() => {
    const controller = new AbortController();
    const look = () =>
      attempt(async () => {
        const seen = await causerie.room({ id }, { signal: controller.signal });
        if (controller.signal.aborted) return;
        if (seen?.viewerMember) return home.rooms.add(seen);
        setRoom(seen);
        setTalk(
          (known) =>
            known ??
            createTalk({
              id: () => id,
              viewer: home.viewer,
              newestSeq: 0,
              lastReadSeq: Infinity,
              deliver: unable,
            }),
        );
      });
    void look();
    // A ban may have been lifted meanwhile, which nobody tells.
    const forget = onAttention(() => isBanned && isLookedAt() && void look());
    return () => (forget(), controller.abort());
  }, [id, isBanned]);

  if (room === undefined) return <main class="place" aria-busy="true" />;
  if (room === null || !talk)
    return (
      <Nowhere title="No such room" reason="There is no room here, or it is not open to you." />
    );
  const join = () => attempt(async () => home.rooms.add(await causerie.joinRoom({ roomId: id })));
  const silence = isBanned
    ? `You are banned from this room${ban?.until ? ` until ${untilOf(ban.until)}` : ''}.${ban?.reason ? ` Why: ${ban.reason}` : ''}`
    : room.archivedAt
      ? 'This room is archived. It can be read, and no longer written to.'
      : 'You are looking in. Join the room to write, and to hear what is new.';
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
            Moderation
          </button>
        )}
        {!isBanned && !room.archivedAt && (
          <button type="button" class="primary small" onClick={join}>
            Join
          </button>
        )}
      </ConversationHead>
      <Conversation
        talk={talk}
        viewer={home.viewer}
        name={room.name}
        conversationId={undefined}
        limit={0}
        candidates={[]}
        silence={silence}
      />
      {isModerating && <Moderation roomId={id} onClose={() => setModerating(false)} />}
    </main>
  );
}

const unable = () => Promise.reject(new Error('Only members write.'));
