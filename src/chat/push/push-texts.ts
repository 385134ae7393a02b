/** The languages in which pushes have texts. */
export type PushLanguage = 'en' | 'fr';

/** The language of pushes for a language tag such as `fr-CA`. English if there are no texts. */
export const languageOf = (tag: string | null | undefined): PushLanguage =>
  tag?.toLowerCase().startsWith('fr') ? 'fr' : 'en';

/** The texts of this server in pushes. Messages and texts of applications are shown as they are. */
export const pushTexts: Record<
  PushLanguage,
  {
    readonly notification: string;
    readonly deletedUser: string;
    readonly wroteMessage: string;
    readonly mentioned: string;
    readonly newNotification: string;
    readonly messageReported: string;
    readonly userReported: string;
    added(room: string): string;
    invited(room: string): string;
  }
> = {
  en: {
    notification: 'Causerie',
    deletedUser: 'A message',
    wroteMessage: 'Sent you a message.',
    mentioned: 'Mentioned you, or replied to you.',
    newNotification: 'You have a new notification.',
    messageReported: 'A message was reported',
    userReported: 'A user was reported',
    added: (room) => `You were added to the room ${room}.`,
    invited: (room) => `You were invited to the room ${room}.`,
  },
  fr: {
    notification: 'Causerie',
    deletedUser: 'Un message',
    wroteMessage: 'Vous a envoyé un message.',
    mentioned: 'Vous a mentionné, ou vous a répondu.',
    newNotification: 'Vous avez une nouvelle notification.',
    messageReported: 'Un message a été signalé',
    userReported: 'Une personne a été signalée',
    added: (room) => `Vous avez été ajouté au salon ${room}.`,
    invited: (room) => `Vous êtes invité dans le salon ${room}.`,
  },
};
