import type { MyRoomFieldsFragment } from '@causerie/client';
import { useEffect, useState } from 'preact/hooks';
import { causerie } from '../causerie.ts';
import type { Home } from '../state/home.ts';
import { createTalk, type Talk } from '../state/talk.ts';
import { attempt } from '../state/toasts.ts';
import { ConversationHead } from './conversation-head.tsx';
import { Conversation } from './conversation.tsx';
import { Icon } from './icons.tsx';

/** A public room may be looked at before one joins. */
export function RoomPreview({ id, home }: { readonly id: string; readonly home: Home }) {
  const [seen, setSeen] = useState<{ readonly room: MyRoomFieldsFragment; readonly talk: Talk } | null>();

  useEffect(() => {
    const controller = new AbortController();
    void attempt(async () => {
      const room = await causerie.room({ id }, { signal: controller.signal });
      if (controller.signal.aborted) return;
      if (room?.viewerMember) return home.rooms.add(room);
      const unable = () => Promise.reject(new Error('Only members write.'));
      setSeen(room && { room, talk: createTalk({ id: () => id, viewer: home.viewer, unread: 0, lastReadSeq: Infinity, deliver: unable }) });
    });
    return () => controller.abort();
  }, [id]);

  if (seen === undefined) return <main class="place" aria-busy="true" />;
  if (seen === null) {
    return (
      <main class="place">
        <ConversationHead title="No such room" below="" />
        <p class="hint is-empty">
          There is no room here, or it is not open to you. <a href="#/">Back to the lobby</a>
        </p>
      </main>
    );
  }
  const { room, talk } = seen;
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
        <button type="button" class="primary small" onClick={join}>
          Join
        </button>
      </ConversationHead>
      <Conversation talk={talk} viewer={home.viewer} name={room.name} conversationId={undefined} limit={0} candidates={[]} silence="You are looking in. Join the room to write, and to hear what is new." />
    </main>
  );
}
