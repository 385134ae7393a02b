import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../src/db/migrate.ts';
import { createDatabase, postgresPrograms, startPostgres } from './support/postgres.ts';
import { redisPrograms, startRedis } from './support/redis.ts';

const template = 'causerie_template';

/** One PostgreSQL and one Redis for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const hasPostgres = isInstalled('PostgreSQL', postgresPrograms(), 'apt-get install postgresql');
  const hasRedis = isInstalled('Redis', redisPrograms(), 'apt-get install redis-server');
  const [postgres, redis] = await Promise.all([hasPostgres ? startPostgres() : undefined, hasRedis ? startRedis() : undefined]);
  if (postgres) {
    const pool = new pg.Pool({ connectionString: await createDatabase(postgres.urlOf('postgres'), 'template0', template) });
    await migrate(pool);
    await pool.end();
  }
  project.provide('servers', { postgresUrl: postgres?.urlOf('postgres'), redisUrl: redis?.url, template });
  return async () => {
    await postgres?.[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
  };
}

/** A missing program leaves tests out, aloud; in CI, where nobody listens, it is a fault. */
function isInstalled(name: string, programs: string | undefined, remedy: string): boolean {
  if (programs) return true;
  if (process.env.CI) throw new Error(`${name} is not installed: ${remedy}`);
  console.warn(`\nSKIPPED: ${name} is not installed: ${remedy}\n`);
  return false;
}
