import { ConversationHead } from './conversation-head.tsx';
import { t } from '../../texts/texts.ts';

/** The page for a conversation that does not exist. */
export const Nowhere = ({ title, reason }: { readonly title: string; readonly reason: string }) => (
  <main class="place">
    <ConversationHead title={title} below="" />
    <p class="hint is-empty">
      {reason} <a href="#/">{t('Back to the lobby')}</a>
    </p>
  </main>
);
