import type { texts as french } from './languages/fr.ts';

/** An English text. Names in braces are replaced by values. */
export type Text = keyof typeof french;

/** A text for every number, or one for each plural category of the language (CLDR). */
export type Translation = string | Partial<Record<Intl.LDMLPluralRule, string>>;

/** The translations of all texts into a language. */
export type Texts = Readonly<Record<Text, Translation>>;
