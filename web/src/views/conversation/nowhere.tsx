import { ConversationHead } from './conversation-head.tsx';

/** In place of a conversation that there is not. */
export const Nowhere = ({ title, reason }: { readonly title: string; readonly reason: string }) => (
  <main class="place">
    <ConversationHead title={title} below="" />
    <p class="hint is-empty">
      {reason} <a href="#/">Back to the lobby</a>
    </p>
  </main>
);
