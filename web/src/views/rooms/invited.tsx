import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import { reasonOf } from '../../state/toasts.ts';
import { t } from '../../texts/texts.ts';

type Preview = NonNullable<Awaited<ReturnType<typeof causerie.inviteLink>>>;

/** The code of an invite link whose room the viewer joins when they have signed in. */
export const joinsAfterSignIn = signal<string | undefined>(undefined);

interface InvitePreview {
  /** Null if the link does not work; undefined while it is loaded. */
  readonly preview: Preview | null | undefined;
  readonly refusal: string | undefined;
}

/** Looks up an invite link, also while nobody is signed in. */
export function useInvitePreview(code: string): InvitePreview {
  const [found, setFound] = useState<InvitePreview>({ preview: undefined, refusal: undefined });
  useEffect(() => {
    const controller = new AbortController();
    causerie.inviteLink({ code }, { signal: controller.signal }).then(
      (preview) => setFound({ preview, refusal: undefined }),
      (error: unknown) =>
        controller.signal.aborted || setFound({ preview: undefined, refusal: reasonOf(error) }),
    );
    return () => controller.abort();
  }, [code]);
  return found;
}

/** Tells a visitor with an invite link which room it leads to. */
export const InvitedVisitor = ({ code }: { readonly code: string }) => (
  <Invited {...useInvitePreview(code)} />
);

export function Invited({ preview, refusal }: InvitePreview) {
  if (refusal !== undefined) return <p class="hint-line">{refusal}</p>;
  if (preview === undefined) return <p class="invited" aria-busy="true" />;
  if (preview === null)
    return <p class="hint-line">{t('This invite link no longer works. Ask for a new one.')}</p>;
  return (
    <div class="invited">
      <p>{t('You are invited to')}</p>
      <h2 dir="auto">{preview.roomName}</h2>
      <p>{t('{count} members', { count: preview.memberCount })}</p>
    </div>
  );
}
