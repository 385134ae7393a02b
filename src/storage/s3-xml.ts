// The answers of S3 are flat: no element that is read here contains one of its own name.

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&amp;': '&',
  '&#34;': '"',
  '&#39;': "'",
};

const unescape = (text: string): string =>
  text.replace(/&(lt|gt|quot|apos|amp|#34|#39);/g, (entity) => entities[entity]!);

/** The contents of all elements with this name. */
export const textsOf = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, text]) =>
    unescape(text!),
  );

/** The texts of the elements that contain no others, by name. Of several, the last. */
export const valuesOf = (xml: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...xml.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name, text]) => [name!, unescape(text!)]),
  );

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
