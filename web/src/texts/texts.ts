/**
 * The texts of the web client in the language of the person who reads them. The code contains them
 * in English; a file in `languages` has their translations. A language is offered as soon as it has
 * a file.
 */
import type { Text, Texts, Translation } from './text.ts';

export type { Text };

type NamesIn<Of extends string> = Of extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;
type Values<Of extends string> = Readonly<Record<NamesIn<Of>, string | number>>;

const key = 'causerie.language';
const files = import.meta.glob<{ readonly texts: Partial<Texts> }>('./languages/*.ts');
export const languages = Object.keys(files).map((path) => path.slice('./languages/'.length, -3));

const baseOf = (locale: string) => locale.split('-')[0]!;

/** The chosen language, or else the first language of the browser that is offered. */
function pick(): string {
  const wanted = [localStorage.getItem(key) ?? '', ...navigator.languages];
  return wanted.map(baseOf).find((code) => languages.includes(code)) ?? 'en';
}

export const language = pick();
/** For dates and numbers: the region of the browser, if it speaks the language. */
export const locale =
  navigator.languages.find((candidate) => baseOf(candidate) === language) ?? language;

const { texts } = await files[`./languages/${language}.ts`]!();
const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(locale);

/** The text in the language of the reader. The value `count` selects the plural form. */
export function t<Of extends Text>(
  text: Of,
  ...[values]: [NamesIn<Of>] extends [never] ? [] : [Values<Of>]
): string {
  const given: Readonly<Record<string, string | number>> = values ?? {};
  const translation: Translation = texts[text] ?? text;
  const pattern =
    typeof translation === 'string'
      ? translation
      : (translation[plurals.select(Number(given.count))] ?? translation.other ?? text);
  return pattern.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = given[name] ?? '';
    return typeof value === 'number' ? numbers.format(value) : value;
  });
}

/** Shows the page in another language. It reloads the page, because texts are read once. */
export function chooseLanguage(code: string): void {
  localStorage.setItem(key, code);
  location.reload();
}

/** The name of a language in that language. */
export const nameOfLanguage = (code: string): string => {
  const name = new Intl.DisplayNames(code, { type: 'language' }).of(code) ?? code;
  return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
};
