import type { UserFieldsFragment } from '@causerie/client';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Member, Members } from '../../state/members.ts';
import { go } from '../../state/route.ts';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { untilOf } from '../../state/times.ts';
import { Icon } from '../elements/icons.tsx';
import { Menu } from '../elements/menu.tsx';
import { PersonAvatar, PersonName } from '../elements/person-name.tsx';
import { useIsAhead } from '../elements/use-is-ahead.ts';
import { memberActions } from '../moderation/member-actions.ts';
import type { Rank } from '../moderation/moderation-rights.ts';
import type { SanctionKind } from '../moderation/sanction.tsx';
import { lazy } from '../elements/lazy.tsx';
import { t } from '../../texts/texts.ts';

const Sanction = lazy(async () => (await import('../moderation/sanction.tsx')).Sanction);

interface MembersPanelProps {
  readonly roomId: string;
  readonly members: Members;
  /** Null until it is loaded. No member is shown before, so that none moves. */
  readonly online: ReadonlyMap<string, UserFieldsFragment> | null;
  readonly viewer: User;
  readonly role: Rank;
  readonly onClose: () => void;
}

export function MembersPanel({
  roomId,
  members,
  online,
  viewer,
  role,
  onClose,
}: MembersPanelProps) {
  const panel = useRef<HTMLElement>(null);
  const [sanction, setSanction] = useState<{ readonly kind: SanctionKind; readonly user: User }>();
  const sorted = members.list.value.toSorted((one, other) =>
    nameOf(one.user).localeCompare(nameOf(other.user)),
  );
  const groups = online
    ? [
        {
          title: t('Online'),
          isOnline: true,
          list: sorted.filter(({ user }) => online.has(user.id)),
        },
        {
          title: t('Offline'),
          isOnline: false,
          list: sorted.filter(({ user }) => !online.has(user.id)),
        },
      ]
    : [];
  // When a member is removed, so is their button, and the focus with it: at once, or while a dialog
  // is open.
  const keepFocus = () => document.activeElement === document.body && panel.current?.focus();
  const isFocused = panel.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => void (isFocused && keepFocus()));
  function closeSanction(): void {
    setSanction(undefined);
    requestAnimationFrame(keepFocus);
  }

  return (
    <>
      <aside ref={panel} class="panel" aria-label={t('Members')} tabIndex={-1}>
        <header>
          <h2>{t('Members')}</h2>
          <button type="button" class="plain" aria-label={t('Close members')} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {groups.map(
          ({ title, isOnline, list }) =>
            list.length > 0 && (
              <section key={title}>
                <h3>
                  {title} <span>{list.length}</span>
                </h3>
                <ul>
                  {list.map((member) => (
                    <Person
                      key={member.user.id}
                      member={member}
                      isOnline={isOnline}
                      roomId={roomId}
                      viewer={viewer}
                      rank={role}
                      onSanction={(kind) => setSanction({ kind, user: member.user })}
                    />
                  ))}
                </ul>
              </section>
            ),
        )}
        {online && members.hasMore.value && (
          <button
            type="button"
            class="link"
            onClick={() => void members.loadMore().catch(() => {})}
          >
            {t('Show more')}
          </button>
        )}
      </aside>
      {sanction && <Sanction {...sanction} roomId={roomId} onClose={closeSanction} />}
    </>
  );
}

const roleNames = { OWNER: t('owner'), MODERATOR: t('moderator'), MEMBER: '' };

interface PersonProps {
  readonly member: Member;
  readonly isOnline: boolean;
  readonly roomId: string;
  readonly viewer: User;
  readonly rank: Rank;
  readonly onSanction: (kind: SanctionKind) => void;
}

function Person({ member, isOnline, roomId, viewer, rank, onSanction }: PersonProps) {
  const { user, mutedUntil } = member;
  const isMuted = useIsAhead(mutedUntil);
  const write = { label: t('Send private message'), act: () => go({ at: 'direct', id: user.id }) };
  const canWrite = user.id !== viewer.id && !viewer.isGuest && !user.isGuest;
  const items = [
    ...(canWrite ? [write] : []),
    ...memberActions(member, isMuted, { roomId, viewer, rank, onSanction }),
  ];
  return (
    <li class={isOnline ? 'person' : 'person is-away'}>
      <PersonAvatar user={user} small isOnline={isOnline} />
      <span class="name">
        <PersonName user={user} />
      </span>
      {isMuted && (
        <span class="badge" title={t('Until {time}', { time: untilOf(mutedUntil!) })}>
          {t('muted')}
        </span>
      )}
      {member.role !== 'MEMBER' && <span class="badge">{roleNames[member.role]}</span>}
      {items.length > 0 && (
        <Menu label={t('More about {name}', { name: nameOf(user) })} items={items}>
          <Icon name="more" />
        </Menu>
      )}
    </li>
  );
}
