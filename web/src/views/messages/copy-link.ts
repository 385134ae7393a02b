import { addressOf, type ConversationRoute } from '../../state/route.ts';
import { showToast } from '../../state/toasts.ts';
import { t } from '../../texts/texts.ts';

/** Browsers offer the clipboard only to pages with HTTPS. */
export const canCopyLinks = globalThis.isSecureContext;

export const copyLink = (route: ConversationRoute): Promise<void> =>
  copyAddress(new URL(addressOf(route), location.href).href);

export async function copyAddress(url: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(url);
    showToast(t('Link copied.'));
  } catch {
    showToast(
      t('Your browser blocked copying. Allow clipboard access for this page, and try again.'),
      true,
    );
  }
}
