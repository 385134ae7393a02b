import { addressOf, type Place } from '../../state/route.ts';
import { tell } from '../../state/toasts.ts';

/** Browsers have a clipboard where the page is secure. */
export const canCopyLinks = globalThis.isSecureContext;

export async function copyLink(place: Place): Promise<void> {
  try {
    await navigator.clipboard.writeText(new URL(addressOf(place), location.href).href);
    tell('The link is in the clipboard.');
  } catch {
    tell('The browser does not allow the clipboard.', true);
  }
}
