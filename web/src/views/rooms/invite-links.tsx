import type { InviteLinkFieldsFragment } from '@causerie/client';
import { useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import { nameOf } from '../../state/timeline.ts';
import { untilOf } from '../../state/times.ts';
import { showToast } from '../../state/toasts.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Field } from '../elements/field.tsx';
import { Form } from '../elements/form.tsx';
import { usePages } from '../elements/use-pages.ts';
import { canCopyLinks, copyAddress } from '../messages/copy-link.ts';
import { t, type Text } from '../../texts/texts.ts';
import { ShowOlder } from '../elements/show-older.tsx';

const dayMs = 86_400_000;
const ends = {
  'In a day': dayMs,
  'In 7 days': 7 * dayMs,
  'In 30 days': 30 * dayMs,
  Never: undefined,
} as const satisfies Partial<Record<Text, number | undefined>>;
type End = keyof typeof ends;
const usesOffered = [1, 5, 25, 100];
const pageSize = 50;

const addressOfLink = ({ code }: InviteLinkFieldsFragment): string =>
  new URL(`/join/${code}`, location.href).href;

const works = ({ revokedAt, expiresAt, maxUses, useCount }: InviteLinkFieldsFragment): boolean =>
  revokedAt === null &&
  (expiresAt === null || Date.parse(expiresAt) > Date.now()) &&
  (maxUses === null || useCount < maxUses);

interface InviteLinksProps {
  readonly roomId: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** Lets a member create, copy and revoke links with which others can join a room. */
export function InviteLinks({ roomId, name, onClose }: InviteLinksProps) {
  const [revoked, setRevoked] = useState<InviteLinkFieldsFragment>();
  const { rows, hasMore, loadMore, reload } = usePages(roomId, (after) =>
    causerie.inviteLinks({ roomId, first: pageSize, after }),
  );
  const shown = rows?.filter(works);

  async function create(text: (name: string) => string): Promise<void> {
    const lastsMs = ends[text('end') as End];
    const link = await causerie.createInviteLink({
      roomId,
      expiresAt: lastsMs === undefined ? null : new Date(Date.now() + lastsMs).toISOString(),
      maxUses: text('uses') === '' ? null : Number(text('uses')),
    });
    await reload();
    if (canCopyLinks) await copyAddress(addressOfLink(link));
    else showToast(t('Link created.'));
  }

  return (
    <Dialog title={t('Invite links to {name}', { name })} onClose={onClose}>
      <Form action={t('Create link')} onSubmit={create}>
        <p>{t('Everyone who has the link can join.')}</p>
        <div class="beside">
          <Field label={t('Expires')}>
            <select name="end" autofocus>
              {(Object.keys(ends) as End[]).map((end) => (
                <option key={end} value={end} selected={end === 'In 7 days'}>
                  {t(end)}
                </option>
              ))}
            </select>
          </Field>
          <Field label={t('Uses')}>
            <select name="uses">
              <option value="">{t('No limit')}</option>
              {usesOffered.map((uses) => (
                <option key={uses} value={String(uses)}>
                  {t('{count} people', { count: uses })}
                </option>
              ))}
            </select>
          </Field>
        </div>
      </Form>
      <section class="log" aria-label={t('Links that work')} aria-busy={!rows}>
        <h3>{t('Links that work')}</h3>
        {shown?.length === 0 && <p class="hint">{t('No links yet.')}</p>}
        <ul>
          {shown?.map((link) => (
            <Link key={link.id} link={link} onRevoke={() => setRevoked(link)} />
          ))}
        </ul>
        {hasMore && <ShowOlder onShow={loadMore} />}
      </section>
      {revoked && (
        <Dialog title={t('Revoke this link?')} onClose={() => setRevoked(undefined)}>
          <Form
            action={t('Revoke')}
            isGrave
            focusesButton
            onSubmit={async () => {
              await causerie.revokeInviteLink({ code: revoked.code });
              await reload();
              setRevoked(undefined);
            }}
          >
            <p>{t('Nobody can join with it any more. Members stay in the room.')}</p>
          </Form>
        </Dialog>
      )}
    </Dialog>
  );
}

function Link({
  link,
  onRevoke,
}: {
  readonly link: InviteLinkFieldsFragment;
  readonly onRevoke: () => void;
}) {
  const { useCount, maxUses, expiresAt, createdBy } = link;
  const address = addressOfLink(link);
  return (
    <li class="invite-link">
      <input
        readOnly
        aria-label={t('Invite link')}
        value={address}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div class="deeds">
        {canCopyLinks && (
          <button type="button" class="button" onClick={() => void copyAddress(address)}>
            {t('Copy link')}
          </button>
        )}
        <button type="button" class="button is-grave" onClick={onRevoke}>
          {t('Revoke…')}
        </button>
      </div>
      <small>
        {[
          nameOf(createdBy),
          expiresAt ? t('until {time}', { time: untilOf(expiresAt) }) : t('permanently'),
          maxUses === null
            ? t('used {count} times', { count: useCount })
            : t('used {count} of {max} times', { count: useCount, max: maxUses }),
        ].join(' · ')}
      </small>
    </li>
  );
}
