import { locale, t } from '../texts/texts.ts';

const timeFormat = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const dayFormat = new Intl.DateTimeFormat(locale, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
});
const dateFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
/** Dates of other years, with the year. */
const oldDayFormat = new Intl.DateTimeFormat(locale, { dateStyle: 'full' });
const oldDateFormat = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
const fullFormat = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const dayMs = 86_400_000;

const isThisYear = (at: string): boolean => new Date(at).getFullYear() === new Date().getFullYear();
const isToday = (at: string): boolean => new Date(at).toDateString() === new Date().toDateString();

export const timeOf = (at: string): string => timeFormat.format(new Date(at));
const longDateFormat = new Intl.DateTimeFormat(locale, { dateStyle: 'long' });
export const dateOf = (at: string): string => longDateFormat.format(new Date(at));
export const momentOf = (at: string): string => fullFormat.format(new Date(at));

export function dayNameOf(at: string): string {
  const day = new Date(at).toDateString();
  if (isToday(at)) return t('Today');
  if (day === new Date(Date.now() - dayMs).toDateString()) return t('Yesterday');
  return (isThisYear(at) ? dayFormat : oldDayFormat).format(new Date(at));
}

/** The end of something: the time if it is today, otherwise the date and the time. */
export const untilOf = (at: string): string =>
  (isToday(at) ? timeFormat : fullFormat).format(new Date(at));

/** The time if it is today, otherwise the date, with the year if it is another one. */
export function shortMomentOf(at: string): string {
  const ofDays = isThisYear(at) ? dateFormat : oldDateFormat;
  return (isToday(at) ? timeFormat : ofDays).format(new Date(at));
}
