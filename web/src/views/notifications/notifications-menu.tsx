import { useId, useRef, useState } from 'preact/hooks';
import type { Home } from '../../state/home.ts';
import type { Notification } from '../../state/notifications.ts';
import { go, routeOfNotification } from '../../state/route.ts';
import { attempt } from '../../state/toasts.ts';
import { Icon } from '../elements/icons.tsx';
import { BrowserNoticesSetting } from './browser-notices-setting.tsx';
import { NotificationRow } from './notification-row.tsx';
import { t } from '../../texts/texts.ts';

/** A button that opens the list of notifications. */
export function NotificationsMenu({ home }: { readonly home: Home }) {
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const { notifications } = home;
  const { list, hasOlder } = notifications;
  const unread = notifications.unread.value;

  function toggled({ newState }: { readonly newState: string }): void {
    setOpen(newState === 'open');
    if (newState !== 'open') return;
    panel.current?.focus();
    notifications.load().catch(() => {});
  }

  function open(one: Notification): void {
    if (!one.readAt) void attempt(() => notifications.markRead(one.id));
    const to = routeOfNotification(home, one);
    if (!to) return;
    panel.current?.hidePopover();
    go(to);
  }

  return (
    <>
      <button
        type="button"
        class="plain with-count bell"
        aria-label={
          unread > 0 ? t('Notifications, {count} unread', { count: unread }) : t('Notifications')
        }
        title={t('Notifications')}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        popovertarget={id}
      >
        <Icon name="bell" />
        {unread > 0 && <span class="count">{unread > 99 ? '99+' : unread}</span>}
      </button>
      <p class="unseen" role="status">
        {unread > 0 && t('{count} unread notifications', { count: unread })}
      </p>
      <div
        ref={panel}
        id={id}
        popover="auto"
        class="menu notifications"
        role="dialog"
        aria-label={t('Notifications')}
        tabIndex={-1}
        onToggle={toggled}
      >
        {isOpen && (
          <>
            <header>
              <h2>{t('Notifications')}</h2>
              {unread > 0 && (
                <button
                  type="button"
                  class="link"
                  onClick={() =>
                    void attempt(notifications.markAllRead).then(() => panel.current?.focus())
                  }
                >
                  {t('Mark all as read')}
                </button>
              )}
            </header>
            {list.value?.length === 0 && (
              <p class="hint">
                {t('No notifications yet. Mentions and private messages appear here.')}
              </p>
            )}
            <ul aria-busy={list.value === null}>
              {list.value?.map((one) => (
                <NotificationRow
                  key={one.id}
                  notification={one}
                  home={home}
                  onOpen={() => open(one)}
                />
              ))}
            </ul>
            {hasOlder.value && (
              <button
                type="button"
                class="button older"
                onClick={() => void attempt(notifications.loadOlder)}
              >
                {t('Show older')}
              </button>
            )}
            <BrowserNoticesSetting />
          </>
        )}
      </div>
    </>
  );
}
