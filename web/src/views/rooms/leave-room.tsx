import { causerie } from '../../causerie.ts';
import type { JoinedRoom, Rooms } from '../../state/rooms.ts';
import { go } from '../../state/route.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Form } from '../elements/form.tsx';
import { t } from '../../texts/texts.ts';

interface LeaveRoomProps {
  readonly entry: JoinedRoom;
  readonly rooms: Rooms;
  readonly onClose: () => void;
}

/** Asks for confirmation, because a way back may need an invitation. */
export function LeaveRoom({ entry, rooms, onClose }: LeaveRoomProps) {
  const { name, visibility } = entry.room.value;

  async function leave(): Promise<void> {
    await causerie.leaveRoom({ roomId: entry.id });
    rooms.remove(entry.id);
    go({ at: 'lobby' });
  }

  return (
    <Dialog title={t('Leave {name}?', { name })} onClose={onClose}>
      <Form action={t('Leave')} isGrave focusesButton onSubmit={leave}>
        <p>
          {visibility === 'PRIVATE'
            ? t('You need an invitation to come back.')
            : t('You can join again at any time.')}
        </p>
      </Form>
    </Dialog>
  );
}
