import { useEffect } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { Home } from '../../state/home.ts';
import { replaceRoute } from '../../state/route.ts';
import { attempt } from '../../state/toasts.ts';
import { ConversationHead } from '../conversation/conversation-head.tsx';
import { Nowhere } from '../conversation/nowhere.tsx';
import { Invited, joinsAfterSignIn, useInvitePreview } from './invited.tsx';
import { t } from '../../texts/texts.ts';

/** The page of an invite link. A viewer who has just signed in to join does so at once. */
export function JoinPage({ code, home }: { readonly code: string; readonly home: Home }) {
  const { preview, refusal } = useInvitePreview(code);
  const isJoining = joinsAfterSignIn.value === code;

  const join = () =>
    attempt(async () => {
      joinsAfterSignIn.value = undefined;
      const room = await causerie.acceptInviteLink({ code });
      home.rooms.add(room);
      replaceRoute({ at: 'room', id: room.id });
    });

  useEffect(() => {
    if (isJoining) void join();
  }, [isJoining]);

  if (preview === null)
    return (
      <Nowhere
        title={t('Invite link')}
        reason={t('This invite link no longer works. Ask for a new one.')}
      />
    );
  return (
    <main class="place">
      <ConversationHead title={t('Invite link')} below="" />
      <div class="join-page" aria-busy={preview === undefined}>
        <Invited preview={preview} refusal={refusal} />
        {preview && refusal === undefined && (
          <p class="answers">
            <a class="button" href="#/">
              {t('Not now')}
            </a>
            <button type="button" class="primary" onClick={() => void join()}>
              {t('Join')}
            </button>
          </p>
        )}
      </div>
    </main>
  );
}
