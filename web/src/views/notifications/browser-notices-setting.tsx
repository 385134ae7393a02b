import { browserNotices, turnBrowserNotices } from '../../state/browser-notices.ts';

/** The browser's own notifications: to be allowed first, and to be silenced again. */
export function BrowserNoticesSetting() {
  const now = browserNotices.value;
  if (now === 'missing') return null;

  async function want(box: HTMLInputElement): Promise<void> {
    await turnBrowserNotices(box.checked);
    box.checked = browserNotices.value === 'on';
  }

  return (
    <footer>
      <label class="check">
        <input
          type="checkbox"
          role="switch"
          checked={now === 'on'}
          disabled={now === 'blocked'}
          onChange={(event) => void want(event.currentTarget)}
        />
        <span>
          Show them while I am elsewhere
          {now === 'blocked' && (
            <small>
              Your browser blocks them for this page. Its settings for the page can allow them.
            </small>
          )}
        </span>
      </label>
    </footer>
  );
}
