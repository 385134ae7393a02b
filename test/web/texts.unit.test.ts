import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { texts as english } from '../../web/src/texts/languages/en.ts';
import { texts as french } from '../../web/src/texts/languages/fr.ts';

const root = join(import.meta.dirname, '../../web/src');

/** The text of all files of the web client that may show texts. */
async function sourceOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(join(root, 'texts')));
  return (await Promise.all(files.map((path) => readFile(path, 'utf8')))).join('\n');
}

const quoted = (text: string) => `'${text}'`;

/** Keys of a record may be without quotes. */
const unusedIn = (source: string, texts: readonly string[]): string[] =>
  texts.filter((text) => !source.includes(quoted(text)) && !source.includes(`  ${text}:`));

/** English words between tags, and in the attributes that people read. */
function untranslatedIn(source: string): string[] {
  const between = source.matchAll(/>\s*([A-Z][a-z]+ [^<>{}=;]*)</g);
  const attributes = source.matchAll(
    /\b(?:label|title|placeholder|legend|note|action|below|reason|aria-label)="([^"]+)"/g,
  );
  return [...between, ...attributes].map(([, text]) => text!.trim());
}

const valuesOf = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!))].toSorted();

it('has no translation of a text that nothing shows', async () => {
  const source = await sourceOf(root);
  expect(unusedIn(source, Object.keys(french))).toEqual([]);
  expect(Object.keys(english).filter((text) => !(text in french))).toEqual([]);
});

it('shows no text without a translation', async () => {
  expect(untranslatedIn(await sourceOf(root))).toEqual([]);
});

it('control: finds an unused translation, and texts that are not translated', () => {
  expect(unusedIn("t('Save')", ['Save', 'Never shown'])).toEqual(['Never shown']);
  const source = '<p>Not translated</p><Field label="Neither is this">{t(\'This is\')}</Field>';
  expect(untranslatedIn(source)).toEqual(['Not translated', 'Neither is this']);
});

it('keeps the values of each text in its translations', () => {
  for (const [text, translation] of Object.entries(french)) {
    const forms = typeof translation === 'string' ? [translation] : Object.values(translation);
    // The form for one may do without the number.
    const last = forms.at(-1)!;
    expect(valuesOf(last), text).toEqual(valuesOf(text));
  }
});
