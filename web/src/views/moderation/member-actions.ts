import type { MemberRole } from '@causerie/client';
import { causerie } from '../../causerie.ts';
import type { Member } from '../../state/members.ts';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { attempt, showToast } from '../../state/toasts.ts';
import type { MenuItem } from '../elements/menu.tsx';
import { canSetRoles, canModerate, rankOf, ranksAbove, type Rank } from './moderation-rights.ts';
import type { SanctionKind } from './sanction.tsx';
import { t, type Text } from '../../texts/texts.ts';

interface MemberActionsOptions {
  readonly roomId: string;
  readonly viewer: User;
  readonly rank: Rank;
  readonly onSanction: (kind: SanctionKind) => void;
}

const roles = {
  OWNER: { label: t('Make owner'), done: '{name} is now an owner.' },
  MODERATOR: { label: t('Make moderator'), done: '{name} is now a moderator.' },
  MEMBER: { label: t('Make member'), done: '{name} is now a member.' },
} as const satisfies Record<MemberRole, { readonly label: string; readonly done: Text }>;

/** What the viewer can do to a member. The server checks it again. */
export function memberActions(
  { user, role }: Member,
  isMuted: boolean,
  { roomId, viewer, rank, onSanction }: MemberActionsOptions,
): MenuItem[] {
  const name = nameOf(user);
  const target = { roomId, userId: user.id };
  const setRole = (next: MemberRole) => () => causerie.setMemberRole({ ...target, role: next });

  if (user.id === viewer.id) {
    if (role !== 'OWNER') return [];
    return [action(t('Step down'), setRole('MEMBER'), t('You are now a member.'))];
  }
  if (!canModerate(rank) || !ranksAbove(rank, rankOf(user, role))) return [];

  const unmute = action(
    t('Unmute'),
    () => causerie.muteMember({ ...target, until: null }),
    t('{name} can write again.', { name }),
  );
  const remove = action(
    t('Remove'),
    () => causerie.kickMember(target),
    t('{name} was removed. They can join again.', { name }),
  );
  return [
    ...rolesToOffer(user, role, rank).map((other) =>
      action(roles[other].label, setRole(other), t(roles[other].done, { name })),
    ),
    isMuted ? unmute : { label: t('Mute…'), act: () => onSanction('mute') },
    { ...remove, isGrave: true },
    { label: t('Ban…'), isGrave: true, act: () => onSanction('ban') },
  ];
}

/** Guests are always plain members. */
function rolesToOffer(user: User, role: MemberRole, rank: Rank): MemberRole[] {
  if (!canSetRoles(rank) || user.isGuest) return [];
  const all: readonly MemberRole[] = ['OWNER', 'MODERATOR', 'MEMBER'];
  return all.filter((other) => other !== role);
}

function action(label: string, work: () => Promise<unknown>, done: string): MenuItem {
  const act = async () => {
    if (await attempt(work)) showToast(done);
  };
  return { label, act: () => void act() };
}
