import { createHash } from 'node:crypto';

/**
 * Allows the scripts of the page by their hashes, and no others. The editor adds style elements and
 * workers, and embeds fonts and images as data.
 */
export const policyOf = (html: string): string =>
  [
    "default-src 'none'",
    `script-src ${scriptsOf(html).map(hashSource).join(' ')}`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** As in HTML, a script ends at the first end tag, even within a string. */
const scriptsOf = (html: string): string[] =>
  [...html.matchAll(/<script\b[^>]*>(.*?)<\/script\s*>/gis)].map(([, text]) => text!);

const hashSource = (text: string) =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
