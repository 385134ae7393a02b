import { useId, useRef, useState } from 'preact/hooks';
import type { Home } from '../state/home.ts';
import { allowBrowserNotices, browserNotices, type Notification } from '../state/notifications.ts';
import { go, placeOfConversation } from '../state/route.ts';
import { momentOf } from '../state/times.ts';
import { attempt } from '../state/toasts.ts';
import { Icon } from './icons.tsx';

/** A bell with what one was told. */
export function NotificationsMenu({ home }: { readonly home: Home }) {
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const { list, unread, readAll } = home.notifications;
  const count = unread.value;

  function open(one: Notification): void {
    panel.current?.hidePopover();
    const place = placeOfConversation(home, one);
    if (place) go(place);
  }

  return (
    <>
      <button type="button" class="plain bell" aria-label={`Notifications${count > 0 ? `, ${count} unread` : ''}`} title="Notifications" aria-expanded={isOpen} popovertarget={id}>
        <Icon name="bell" />
        {count > 0 && <span class="count">{count > 99 ? '99+' : count}</span>}
      </button>
      <div ref={panel} id={id} popover="auto" class="menu notifications" role="dialog" aria-label="Notifications" onToggle={({ newState }) => setOpen(newState === 'open')}>
        {isOpen && (
          <>
            <header>
              <h2>Notifications</h2>
              {count > 0 && (
                <button type="button" class="link" onClick={() => void attempt(readAll)}>
                  Mark all as read
                </button>
              )}
            </header>
            {browserNotices.value === 'default' && (
              <button type="button" class="button" onClick={() => void allowBrowserNotices()}>
                Show them while I am elsewhere
              </button>
            )}
            {list.value.length === 0 && <p class="hint">Nothing yet. Mentions and private messages come here.</p>}
            <ul>
              {list.value.map((one) => (
                <li key={one.id}>
                  <button type="button" class={one.readAt ? '' : 'is-unread'} onClick={() => open(one)}>
                    <strong>{one.title}</strong>
                    <span>{one.message}</span>
                    <small>{momentOf(one.createdAt)}</small>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </>
  );
}
