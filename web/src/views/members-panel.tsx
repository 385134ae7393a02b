import type { UserFieldsFragment } from '@causerie/client';
import { go } from '../state/route.ts';
import type { Member, Members } from '../state/members.ts';
import type { User } from '../state/session.ts';
import { nameOf } from '../state/timeline.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icons.tsx';
import { memberActions } from './member-actions.ts';
import { Menu } from './menu.tsx';
import type { Standing } from './moderation-rights.ts';

interface MembersPanelProps {
  readonly roomId: string;
  readonly members: Members;
  readonly online: ReadonlyMap<string, UserFieldsFragment>;
  readonly viewer: User;
  readonly role: Standing;
  readonly onClose: () => void;
}

export function MembersPanel({ roomId, members, online, viewer, role, onClose }: MembersPanelProps) {
  const sorted = members.list.value.toSorted((one, other) => nameOf(one.user).localeCompare(nameOf(other.user)));
  const groups = [
    { title: 'Online', list: sorted.filter(({ user }) => online.has(user.id)) },
    { title: 'Offline', list: sorted.filter(({ user }) => !online.has(user.id)) },
  ];
  return (
    <aside class="panel" aria-label="Members">
      <header>
        <h2>Members</h2>
        <button type="button" class="plain" aria-label="Close members" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {groups.map(
        ({ title, list }) =>
          list.length > 0 && (
            <section key={title}>
              <h3>
                {title} <span>{list.length}</span>
              </h3>
              <ul>
                {list.map((member) => (
                  <Person key={member.user.id} member={member} isOnline={title === 'Online'} roomId={roomId} viewer={viewer} role={role} />
                ))}
              </ul>
            </section>
          ),
      )}
      {members.hasMore.value && (
        <button type="button" class="link" onClick={() => void members.loadMore().catch(() => {})}>
          Show more
        </button>
      )}
    </aside>
  );
}

const roleNames = { OWNER: 'owner', MODERATOR: 'moderator', MEMBER: '' } as const;

interface PersonProps {
  readonly member: Member;
  readonly isOnline: boolean;
  readonly roomId: string;
  readonly viewer: User;
  readonly role: Standing;
}

function Person({ member, isOnline, roomId, viewer, role }: PersonProps) {
  const { user, mutedUntil } = member;
  const isMuted = mutedUntil !== null && Date.parse(mutedUntil) > Date.now();
  const write = { label: 'Write privately', act: () => go({ at: 'direct', id: user.id }) };
  const canWrite = user.id !== viewer.id && !viewer.isGuest && !user.isGuest;
  const items = [...(canWrite ? [write] : []), ...memberActions(roomId, member, isMuted, viewer, role)];
  return (
    <li class={isOnline ? 'person' : 'person is-away'}>
      <Avatar user={user} small isOnline={isOnline} />
      <span class="name">{nameOf(user)}</span>
      {isMuted && <span class="badge">muted</span>}
      {member.role !== 'MEMBER' && <span class="badge">{roleNames[member.role]}</span>}
      {items.length > 0 && (
        <Menu label={`More about ${nameOf(user)}`} items={items}>
          <Icon name="more" />
        </Menu>
      )}
    </li>
  );
}
