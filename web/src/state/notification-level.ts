import type { MyMemberFieldsFragment, NotificationLevel } from '@causerie/client';
import { signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';

export interface LevelSetting {
  readonly level: NotificationLevel;
  /** When the default applies again, as RFC 3339. Null if the viewer set no end. */
  readonly until: string | null;
}

/** Which messages of a conversation notify the viewer. */
export interface NotificationLevelState {
  readonly defaultLevel: NotificationLevel;
  readonly setting: ReadonlySignal<LevelSetting>;
  /** Takes the setting from a loaded membership, or from one that was changed on another device. */
  setMember(member: MyMemberFieldsFragment): void;
  /** Like `setMember`, but ignores memberships of other conversations. */
  memberChanged(member: MyMemberFieldsFragment): void;
  set(conversationId: string, setting: LevelSetting): Promise<void>;
}

/** The maximum of `setTimeout`. A later end is noticed at the next load of the page. */
const maxTimerMs = 2 ** 31 - 1;

export function createNotificationLevel(defaultLevel: NotificationLevel): NotificationLevelState {
  const byDefault: LevelSetting = { level: defaultLevel, until: null };
  const setting = signal(byDefault);
  let memberId: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function setMember(member: MyMemberFieldsFragment): void {
    memberId = member.id;
    clearTimeout(timer);
    const { notificationLevel: level, notificationLevelUntil: until } = member;
    const leftMs = until === null ? Infinity : Date.parse(until) - Date.now();
    setting.value = leftMs > 0 ? { level, until } : byDefault;
    if (leftMs > 0 && leftMs <= maxTimerMs)
      timer = setTimeout(() => (setting.value = byDefault), leftMs);
  }

  return {
    defaultLevel,
    setting,
    setMember,
    memberChanged(member) {
      if (member.id === memberId) setMember(member);
    },
    async set(conversationId, { level, until }) {
      setMember(await causerie.setNotificationLevel({ conversationId, level, until }));
    },
  };
}
