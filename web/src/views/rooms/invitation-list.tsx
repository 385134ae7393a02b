import { causerie } from '../../causerie.ts';
import type { Home } from '../../state/home.ts';
import type { Invitation } from '../../state/invitations.ts';
import { go } from '../../state/route.ts';
import { nameOf } from '../../state/timeline.ts';
import { attempt } from '../../state/toasts.ts';
import { PersonAvatar } from '../elements/person-name.tsx';
import { t } from '../../texts/texts.ts';

/** The rooms to which the viewer is invited. */
export function InvitationList({ home }: { readonly home: Home }) {
  const { invitations, rooms } = home;

  async function accept({ id }: Invitation): Promise<void> {
    const isDone = await attempt(async () => {
      const room = await causerie.acceptInvitation({ invitationId: id });
      rooms.add(room);
      go({ at: 'room', id: room.id });
    });
    if (isDone) invitations.remove(id);
    // The inviter may no longer invite to the room.
    else void invitations.load();
  }

  async function decline({ id }: Invitation): Promise<void> {
    if (await attempt(() => causerie.declineInvitation({ invitationId: id })))
      invitations.remove(id);
  }

  return (
    <section class="invitations" aria-label={t('Invitations')}>
      <h2>{t('Invitations')}</h2>
      <ul>
        {invitations.list.value.map((one) => {
          const { id, room, invitedBy } = one;
          return (
            <li key={id}>
              <PersonAvatar user={invitedBy} />
              <span class="who">
                <strong dir="auto">{room.name}</strong>
                <small>
                  {t('{name} invites you', { name: nameOf(invitedBy) })}
                  {' · '}
                  {t('{count} members', { count: room.memberCount })}
                </small>
              </span>
              <span class="answers">
                <button
                  type="button"
                  class="button"
                  aria-label={t('Decline the invitation to {room}', { room: room.name })}
                  onClick={() => void decline(one)}
                >
                  {t('Decline')}
                </button>
                <button
                  type="button"
                  class="primary small"
                  aria-label={t('Accept the invitation to {room}', { room: room.name })}
                  onClick={() => void accept(one)}
                >
                  {t('Accept')}
                </button>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
