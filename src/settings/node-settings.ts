import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { parseDatabaseUrl } from '../database-url.ts';
import { parseRedisUrl } from '../redis-url.ts';
import { parsed } from './setting-types.ts';

/** The settings of a node and of what it connects to: see `settings`. */
export const nodeSettings = {
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(4000)
    .describe('The port to listen on. `0` picks a free port.'),
  HOST: z
    .string()
    .optional()
    .describe(
      'The address to listen on. The default is `127.0.0.1` with the embedded database and `0.0.0.0` with `DATABASE_URL`.',
    ),
  DATA_DIR: z
    .string()
    .min(1)
    .default('./data')
    .describe(
      'The directory of the embedded database and, in `files`, of the files that users send. `memory` stores nothing permanently. With `DATABASE_URL`, it contains only the files: several nodes must share it, or use `S3_ENDPOINT`.',
    ),
  DATABASE_URL: parsed(parseDatabaseUrl)
    .optional()
    .describe(
      'The URL of a PostgreSQL database, version 14 or newer. Unix sockets, several hosts and `sslmode` work as with `psql`. Without it, the server uses its embedded database.',
    ),
  DATABASE_POOL: z.coerce
    .number()
    .int()
    .min(2)
    .max(500)
    .default(10)
    .describe('The number of connections to PostgreSQL that each node opens at most.'),
  REDIS_URL: parsed(parseRedisUrl)
    .optional()
    .describe(
      'The URL of Redis, version 6.2 or newer: one server, Sentinels (`redis://a,b,c?sentinel=NAME-OF-THE-MASTER`), or a Redis Cluster (`redis://a,b,c?cluster=true`). Several nodes need it to share events, presence and rates without delay. Requires `DATABASE_URL`.',
    ),
  NODES: z
    .union(
      [
        z.literal('auto').transform(() => availableParallelism()),
        z.coerce.number().int().min(1).max(128),
      ],
      {
        error: 'is neither a number from 1 to 128 nor `auto`',
      },
    )
    .default(1)
    .describe(
      'The number of nodes to run on this machine, each in a process of its own; `auto` runs one for each core. They share the port, and a node that ends is started again. More than one requires `REDIS_URL`. Each node opens its own database connections (`DATABASE_POOL`), and serves health and metrics on its own port, counted from `ADMIN_PORT`.',
    ),
} as const;
