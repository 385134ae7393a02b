import { browserNotices, turnBrowserNotices } from '../../state/browser-notices.ts';
import { pushes, turnPushes } from '../../state/pushes.ts';
import { attempt } from '../../state/toasts.ts';
import { t } from '../../texts/texts.ts';

/** Turns the notifications of the browser on and off, and those while Causerie is closed. */
export function BrowserNoticesSetting() {
  const state = browserNotices.value;
  if (state === 'missing') return null;

  async function change(box: HTMLInputElement): Promise<void> {
    await turnBrowserNotices(box.checked);
    box.checked = browserNotices.value === 'on';
    if (!box.checked && pushes.value === 'on') await attempt(() => turnPushes(false));
  }

  async function changePushes(box: HTMLInputElement): Promise<void> {
    await attempt(() => turnPushes(box.checked));
    box.checked = pushes.value === 'on';
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
      {state === 'on' && pushes.value !== 'missing' && (
        <label class="check">
          <input
            type="checkbox"
            role="switch"
            checked={pushes.value === 'on'}
            onChange={(event) => void changePushes(event.currentTarget)}
          />
          <span>{t('Also while Causerie is closed')}</span>
        </label>
      )}
    </footer>
  );
}
