import type { Home } from '../../state/home.ts';
import type { Notification } from '../../state/notifications.ts';
import { routeOfNotification } from '../../state/route.ts';
import { momentOf, shortMomentOf } from '../../state/times.ts';
import { t } from '../../texts/texts.ts';

interface NotificationRowProps {
  readonly notification: Notification;
  readonly home: Home;
  readonly onOpen: () => void;
}

/**
 * One notification. It is a button if it can be opened or marked as read. Otherwise its whole text
 * is shown.
 */
export function NotificationRow({ notification, home, onOpen }: NotificationRowProps) {
  const { title, message, createdAt, readAt } = notification;
  const isUnread = readAt === null;
  const isLink = routeOfNotification(home, notification) !== undefined;
  const content = (
    <>
      <span class="what">
        <span>
          <strong>{title}</strong> {occasionOf(notification, home)}
          {isUnread && <span class="unseen">, {t('unread')}</span>}
        </span>
        <time dateTime={createdAt} title={momentOf(createdAt)}>
          {shortMomentOf(createdAt)}
        </time>
      </span>
      <span class={isLink ? 'words' : 'words is-whole'} dir="auto">
        {message}
      </span>
    </>
  );
  const className = isUnread ? 'is-unread' : '';
  return (
    <li>
      {isUnread || isLink ? (
        <button type="button" class={className} onClick={onOpen}>
          {content}
        </button>
      ) : (
        <div class={className}>{content}</div>
      )}
    </li>
  );
}

function occasionOf({ type, data }: Notification, { rooms }: Home): string {
  const room = rooms.joined.value?.get(String(data.conversationId ?? data.reportedIn))?.room.value;
  return (
    {
      mention: room ? t('mentioned you in {room}', { room: room.name }) : t('mentioned you'),
      message_reported: room ? t('in {room}', { room: room.name }) : '',
      message_received: t('wrote to you'),
      support_reply: t('answered you'),
      room_invitation:
        data.invitationId === undefined ? t('added you to a room') : t('invited you to a room'),
      announcement: t('to everyone'),
    }[type] ?? ''
  );
}
