import { causerie } from '../causerie.ts';
import type { Member } from '../state/members.ts';
import type { User } from '../state/session.ts';
import { nameOf } from '../state/timeline.ts';
import { attempt, tell } from '../state/toasts.ts';
import type { MenuItem } from './menu.tsx';
import { givesRoles, keepsOrder, standsAbove, type Standing } from './moderation-rights.ts';

const hourMs = 3_600_000;

/** What the viewer may do to a member; the server has the last word. */
export function memberActions(roomId: string, { user, role }: Member, isMuted: boolean, viewer: User, standing: Standing): MenuItem[] {
  if (user.id === viewer.id || !keepsOrder(standing) || !standsAbove(standing, role)) return [];
  const name = nameOf(user);
  const target = { roomId, userId: user.id };
  const item = (label: string, work: () => Promise<unknown>, done: string, isGrave = false): MenuItem => ({ label, isGrave, act: () => void attempt(work).then((isDone) => isDone && tell(done)) });
  const roles = !givesRoles(standing)
    ? []
    : role === 'MEMBER'
      ? [item('Make moderator', () => causerie.setMemberRole({ ...target, role: 'MODERATOR' }), `${name} keeps order here now.`)]
      : [item('Make member', () => causerie.setMemberRole({ ...target, role: 'MEMBER' }), `${name} no longer keeps order here.`)];
  return [
    ...roles,
    isMuted
      ? item('Lift the mute', () => causerie.muteMember({ ...target, until: null }), `${name} may write again.`)
      : item('Mute for an hour', () => causerie.muteMember({ ...target, until: new Date(Date.now() + hourMs).toISOString() }), `${name} is muted for an hour.`),
    item('Show out', () => causerie.kickMember(target), `${name} was shown out, and may come back.`, true),
    item('Ban', () => causerie.banMember(target), `${name} is banned.`, true),
  ];
}
