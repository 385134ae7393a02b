import { pino, type Logger, type LoggerOptions } from 'pino';
import { limitRepeats } from './log-repeats.ts';

export type Log = Logger;

/**
 * Logs JSON lines, or readable lines on a terminal. Callers never pass tokens, passwords or message
 * bodies; fields with such names are removed as a second safeguard. Of each warning, at most ten
 * lines a minute are logged, and then how many were left out.
 */
export function createLog(level: string, out: NodeJS.WriteStream = process.stdout): Log {
  const isLogged = limitRepeats((message, leftOut) =>
    log.warn({ leftOut }, `${message} (${leftOut} more in the last minute)`),
  );
  const options: LoggerOptions = {
    level,
    base: undefined,
    hooks: {
      logMethod(values, method, value) {
        const message: unknown = values.find((one) => typeof one === 'string');
        const isRepeat =
          value === pino.levels.values.warn && typeof message === 'string' && !isLogged(message);
        if (!isRepeat) method.apply(this, values);
      },
    },
    redact: {
      paths: [
        '*.authorization',
        '*.token',
        '*.cookie',
        '*.password',
        '*.body',
        '*.accessToken',
        '*.refreshToken',
      ],
      remove: true,
    },
  };
  const pretty = {
    target: 'pino-pretty',
    options: { ignore: 'pid,hostname', translateTime: 'HH:MM:ss' },
  };
  const log: Log = out.isTTY ? pino({ ...options, transport: pretty }) : pino(options, out);
  return log;
}
