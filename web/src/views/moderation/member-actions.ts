import type { MemberRole } from '@causerie/client';
import { causerie } from '../../causerie.ts';
import type { Member } from '../../state/members.ts';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { attempt, showToast } from '../../state/toasts.ts';
import type { MenuItem } from '../elements/menu.tsx';
import {
  givesRoles,
  keepsOrder,
  moderates,
  standsAbove,
  type Standing,
} from './moderation-rights.ts';
import type { SanctionKind } from './sanction.tsx';

interface Viewpoint {
  readonly roomId: string;
  readonly viewer: User;
  readonly standing: Standing;
  readonly onSanction: (kind: SanctionKind) => void;
}

const roles: Record<MemberRole, { readonly label: string; readonly done: string }> = {
  OWNER: { label: 'Make owner', done: 'owns the room now.' },
  MODERATOR: { label: 'Make moderator', done: 'keeps order here now.' },
  MEMBER: { label: 'Make member', done: 'is a member like others now.' },
};

/** What the viewer may do to a member; the server has the last word. */
export function memberActions(
  { user, role }: Member,
  isMuted: boolean,
  { roomId, viewer, standing, onSanction }: Viewpoint,
): MenuItem[] {
  const name = nameOf(user);
  const target = { roomId, userId: user.id };
  const item = (
    label: string,
    work: () => Promise<unknown>,
    done: string,
    isGrave = false,
  ): MenuItem => ({
    label,
    isGrave,
    act: () => void attempt(work).then((isDone) => isDone && showToast(done)),
  });
  if (user.id === viewer.id)
    return role === 'OWNER'
      ? [
          item(
            'Step down',
            () => causerie.setMemberRole({ ...target, role: 'MEMBER' }),
            'You are a member like others now.',
          ),
        ]
      : [];
  if (!keepsOrder(standing) || !standsAbove(standing, moderates(user, role))) return [];
  // Guests are members and nothing more.
  const others =
    givesRoles(standing) && !user.isGuest
      ? (['OWNER', 'MODERATOR', 'MEMBER'] as const).filter((other) => other !== role)
      : [];
  return [
    ...others.map((other) =>
      item(
        roles[other].label,
        () => causerie.setMemberRole({ ...target, role: other }),
        `${name} ${roles[other].done}`,
      ),
    ),
    isMuted
      ? item(
          'Lift the mute',
          () => causerie.muteMember({ ...target, until: null }),
          `${name} may write again.`,
        )
      : { label: 'Mute…', act: () => onSanction('mute') },
    item(
      'Show out',
      () => causerie.kickMember(target),
      `${name} was shown out, and may come back.`,
      true,
    ),
    { label: 'Ban…', isGrave: true, act: () => onSanction('ban') },
  ];
}
