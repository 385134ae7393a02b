import { browserNotices, turnBrowserNotices } from '../../state/browser-notices.ts';
import { t } from '../../texts/texts.ts';

/** Turns the notifications of the browser on and off. */
export function BrowserNoticesSetting() {
  const state = browserNotices.value;
  if (state === 'missing') return null;

  async function change(box: HTMLInputElement): Promise<void> {
    await turnBrowserNotices(box.checked);
    box.checked = browserNotices.value === 'on';
  }

  return (
    <footer>
      <label class="check">
        <input
          type="checkbox"
          role="switch"
          checked={state === 'on'}
          disabled={state === 'blocked'}
          onChange={(event) => void change(event.currentTarget)}
        />
        <span>
          {t('Desktop notifications while I am away')}
          {state === 'blocked' && (
            <small>
              {t(
                'Your browser blocks notifications for this page. Allow them in its site settings.',
              )}
            </small>
          )}
        </span>
      </label>
    </footer>
  );
}
