import type { Log } from '../../src/log.ts';
import { createLog } from '../../src/log.ts';

/** A line of a log. `level` is pino's: 30 for information, 40 for a warning. */
export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A log whose lines a test can read. */
export function logLines(): { readonly log: Log; text(): string; lines(): LogLine[] } {
  let text = '';
  const out = { write: (line: string) => void (text += line) };
  return {
    log: createLog('info', out as unknown as NodeJS.WriteStream),
    text: () => text,
    lines: () =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as LogLine),
  };
}
