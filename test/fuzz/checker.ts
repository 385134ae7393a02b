import { errorCodes } from '../../src/errors.ts';

const stack = /\n\s+at |node_modules|\.[jt]s:\d+/;

/**
 * What is wrong with an answer as it came over the wire; nothing, whatever was asked. `text` may be
 * cut off.
 */
export function faultsInAnswer(text: string): string[] {
  if (text === '') return [];
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]);
  const faults = Number.isNaN(status) ? [`no HTTP: ${text.slice(0, 80)}`] : [];
  if (status >= 500 && status !== 503) faults.push(`status ${status}`);
  return [...faults, ...faultsInText(text)];
}

/** What is wrong with what a socket was sent, and with how it was closed. */
export function faultsOnSocket(messages: readonly string[], code: number | undefined): string[] {
  const faults = code === 4500 || code === 1011 ? [`closed with ${code}`] : [];
  return [...faults, ...messages.flatMap(faultsInText)];
}

function faultsInText(text: string): string[] {
  const codes = Array.from(text.matchAll(/"code":"([^"]*)"/g), ([, code]) => code!);
  return [
    ...codes
      .filter((code) => code === 'INTERNAL' || !errorCodes.some((known) => known === code))
      .map((code) => `code ${code}`),
    ...(stack.test(text) ? ['a stack'] : []),
  ];
}
