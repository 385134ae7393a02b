import type { Random } from '../faults/random.ts';

/** Pieces that mean something to a parser of HTTP, of JSON or of GraphQL. */
const tokens = [
  '\r\n',
  '\n',
  '\0',
  ' ',
  '\t',
  ':',
  '//',
  '?',
  '#',
  '%',
  '%00',
  '%ff',
  '..',
  '[',
  ']',
  '{',
  '}',
  '"',
  '\\',
  '\\u0000',
  '\\ud800',
  'HTTP/1.1',
  'HTTP/9.9',
  'Host: [',
  'Host: ',
  'GET ',
  'POST ',
  'CONNECT ',
  'Content-Length: 5\r\n',
  'Content-Length: -1\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Expect: 100-continue\r\n',
  'Upgrade: websocket\r\nConnection: Upgrade\r\n',
  'Origin: null\r\n',
  'Authorization: Bearer\r\n',
  'Cookie: access_token=\r\n',
  'Accept: ;\r\n',
  'X-Forwarded-For: ,,\r\n',
  'null',
  'true',
  '1e999',
  '-0',
  '...',
  'fragment A on Query { ...A } ',
  '@skip(if: true)',
  '$a',
  '"""',
  '\u00ff\u00fe',
  '__proto__',
  'query',
  'subscription',
];

/** The text with one to four accidents. */
export function mutate(random: Random, text: string): string {
  let changed = text;
  for (let count = Math.ceil(random.between(0, 4)); count > 0; count--)
    changed = accident(random, changed);
  return changed;
}

function accident(random: Random, text: string): string {
  const at = Math.floor(random.between(0, text.length));
  const end = Math.min(text.length, at + Math.ceil(random.between(0, 12)));
  switch (Math.floor(random.between(0, 6))) {
    case 0:
      return text.slice(0, at) + text.slice(end);
    case 1:
      return text.slice(0, at) + random.pick(tokens) + text.slice(at);
    case 2:
      return text.slice(0, at) + random.pick(tokens) + text.slice(end);
    case 3:
      return text.slice(0, end) + text.slice(at);
    case 4:
      return text.slice(0, at) + String.fromCharCode(random.between(0, 256)) + text.slice(at + 1);
    default:
      return text.slice(0, at);
  }
}
