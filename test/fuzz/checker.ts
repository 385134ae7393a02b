import { errorCodes } from '../../src/errors.ts';

const stack = /\n\s+at |node_modules|\.[jt]s:\d+/;

/** Lists the faults of a raw HTTP response; empty if it is correct. `text` may be truncated. */
export function faultsInAnswer(text: string): string[] {
  if (text === '') return [];
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]);
  const faults = Number.isNaN(status) ? [`no HTTP: ${text.slice(0, 80)}`] : [];
  if (status >= 500 && status !== 503) faults.push(`status ${status}`);
  return [...faults, ...faultsInText(text)];
}

/** Lists the faults in the messages to a socket, and in its close code. */
export function faultsOnSocket(messages: readonly string[], code: number | undefined): string[] {
  const faults = code === 4500 || code === 1011 ? [`closed with ${code}`] : [];
  return [...faults, ...messages.flatMap(faultsInText)];
}

function faultsInText(text: string): string[] {
  // Data may have a `code`, too: that of an invite link.
  const codes = Array.from(
    text.matchAll(/"extensions":\{(?:[^{}]*,)?"code":"([^"]*)"/g),
    ([, code]) => code!,
  );
  return [
    ...codes
      .filter((code) => code === 'INTERNAL' || !errorCodes.some((known) => known === code))
      .map((code) => `code ${code}`),
    ...(stack.test(text) ? ['a stack'] : []),
  ];
}
