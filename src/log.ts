import { pino, type Logger } from 'pino';

export type Log = Logger;

/** JSON lines, or readable ones on a terminal. Tokens, passwords and bodies are never given to it; what looks like one is cut out all the same. */
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
