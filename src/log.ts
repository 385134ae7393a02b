import { pino, type Logger } from 'pino';

export type Log = Logger;

/**
 * Logs JSON lines, or readable lines on a terminal. Callers never pass tokens, passwords or message
 * bodies; fields with such names are removed as a second safeguard.
 */
export function createLog(level: string, out: NodeJS.WriteStream = process.stdout): Log {
  const options = {
    level,
    base: undefined,
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
  if (!out.isTTY) return pino(options, out);
  return pino({
    ...options,
    transport: {
      target: 'pino-pretty',
      options: { ignore: 'pid,hostname', translateTime: 'HH:MM:ss' },
    },
  });
}
