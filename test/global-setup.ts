import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../src/db/migrate.ts';
import { makeEmbeddedTemplate } from './support/embedded-template.ts';
import { pgBouncerPrograms } from './support/pgbouncer.ts';
import { createDatabase, postgresPrograms, startPostgres } from './support/postgres.ts';
import { redisPrograms, startRedis } from './support/redis.ts';
import { findProgram } from './support/server-process.ts';

const template = 'causerie_template';
/**
 * Its workers would go round hundreds of small databases, several in each second, and find nothing
 * to do.
 */
const settings = { autovacuum: 'off' };

/** One PostgreSQL, one Redis and one place for temporary files for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  keepTemporaryFilesTogether();
  const hasPostgres = isInstalled('PostgreSQL', postgresPrograms(), 'apt-get install postgresql');
  const hasChromium = isInstalled('Chromium', findProgram('chromium'), 'apt-get install chromium');
  const hasNginx = isInstalled(
    'nginx',
    findProgram('nginx', ['/usr/sbin']),
    'apt-get install nginx-light',
  );
  const hasPgBouncer = isInstalled('PgBouncer', pgBouncerPrograms(), 'apt-get install pgbouncer');
  const hasPromtool = isInstalled(
    'promtool',
    findProgram('promtool'),
    'apt-get install prometheus',
  );
  const hasRedis = isInstalled('Redis', redisPrograms(), 'apt-get install redis-server');
  const [postgres, redis, embeddedTemplate] = await Promise.all([
    hasPostgres ? startPostgres({ settings }) : undefined,
    hasRedis ? startRedis() : undefined,
    makeEmbeddedTemplate(),
  ]);
  if (postgres) {
    const pool = new pg.Pool({
      connectionString: await createDatabase(postgres.urlOf('postgres'), 'template0', template),
    });
    await migrate(pool);
    await pool.end();
  }
  project.provide('servers', {
    postgresUrl: postgres?.urlOf('postgres'),
    redisUrl: redis?.url,
    template,
    embeddedTemplate,
    hasChromium,
    hasNginx,
    hasPgBouncer,
    hasPromtool,
  });
  return async () => {
    await postgres?.[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
  };
}

/** Tests and the servers they start are ended in any way, so what they leave is removed here. */
function keepTemporaryFilesTogether(): void {
  const directory = mkdtempSync(join(tmpdir(), 'causerie-run-'));
  chmodSync(directory, 0o1777);
  process.env.TMPDIR = directory;
  process.once('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
}

/** A missing program leaves tests out, aloud; in CI, where nobody listens, it is a fault. */
function isInstalled(name: string, programs: string | undefined, remedy: string): boolean {
  if (programs) return true;
  if (process.env.CI) throw new Error(`${name} is not installed: ${remedy}`);
  console.warn(`\nSKIPPED: ${name} is not installed: ${remedy}\n`);
  return false;
}
