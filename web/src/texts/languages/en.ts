import type { Texts } from '../text.ts';

/** English: only plurals and texts with a note, because the code contains the others. */
export const texts: Partial<Texts> = {
  'Open (status)': 'Open',
  '{count} rooms': { one: '{count} room', other: '{count} rooms' },
  '{count} members': { one: '{count} member', other: '{count} members' },
  '{count} people': { one: '{count} person', other: '{count} people' },
  'used {count} times': { one: 'used once', other: 'used {count} times' },
  '{count} open reports': { one: '{count} open report', other: '{count} open reports' },
  '{count} files are uploading.': {
    one: '{count} file is uploading.',
    other: '{count} files are uploading.',
  },
  '{count} files are ready to send.': {
    one: '{count} file is ready to send.',
    other: '{count} files are ready to send.',
  },
  '{count} unread notifications': {
    one: '{count} unread notification',
    other: '{count} unread notifications',
  },
  'Back online. Caught up on {count} events.': {
    one: 'Back online. Caught up on one event.',
    other: 'Back online. Caught up on {count} events.',
  },
  'Announcement sent to {count} users.': {
    one: 'Announcement sent to one user.',
    other: 'Announcement sent to {count} users.',
  },
};
