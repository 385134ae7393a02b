import { z } from 'zod';
import { onOrOff } from './setting-types.ts';

/** The settings of logs, limits and monitoring: see `settings`. */
export const operationSettings = {
  UNSENT_MAX_MB: z.coerce
    .number()
    .int()
    .min(16)
    .max(65_536)
    .default(256)
    .describe(
      'The memory in MiB that unsent data for all clients of a node may take together. Beyond it, the node disconnects the clients that hold the most.',
    ),
  SLOW_OPERATION_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(600_000)
    .default(1000)
    .describe(
      'The time in ms from which a query or a mutation is logged as slow, with the name in its document. `0` logs none.',
    ),
  ADMIN_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe(
      'The port of `/health/live`, `/health/ready` and `/metrics`, on the same address as the API. If it is set, the port of the API no longer serves them. Do not make it public. `0` picks a free port. Without it, they are on `PORT`, and the proxy must hide them.',
    ),
  RATE_LIMITS: onOrOff.default('on').describe('`off` disables rate limits, for load tests.'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe(
      'The least important level that is logged: `debug`, `info`, `warn`, `error`, or `silent` for nothing.',
    ),
} as const;
