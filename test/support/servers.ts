import { constants } from 'node:fs';
import { cp } from 'node:fs/promises';
import { describe, inject } from 'vitest';
import { createDatabase as createDatabaseFrom } from './postgres.ts';
import { temporaryDirectory } from './server-process.ts';

/**
 * The servers that the global setup started for the whole run. Undefined for programs that are not
 * installed.
 */
export interface ServersOfTheRun {
  readonly redisUrl: string | undefined;
  readonly postgresUrl: string | undefined;
  /** A database with all migrations, to be copied. */
  readonly template: string;
  /** A data directory of the embedded database, to be copied. */
  readonly embeddedTemplate: string;
  readonly hasChromium: boolean;
  readonly hasNginx: boolean;
  readonly hasPgBouncer: boolean;
  readonly hasPromtool: boolean;
}

declare module 'vitest' {
  interface ProvidedContext {
    servers: ServersOfTheRun;
  }
}

const { template, embeddedTemplate, hasChromium, hasNginx, hasPgBouncer, hasPromtool, ...servers } =
  inject('servers');
export const { postgresUrl, redisUrl } = servers;

/**
 * For suites that need a program. They are skipped if it is not installed; the global setup reports
 * it.
 */
export const describeWithPostgres = describe.skipIf(!postgresUrl);
export const describeWithRedis = describe.skipIf(!redisUrl);
export const describeWithChromium = describe.skipIf(!hasChromium);
export const describeWithServers = describe.skipIf(!postgresUrl || !redisUrl);
export const describeWithProxy = describe.skipIf(!postgresUrl || !redisUrl || !hasNginx);
export const describeWithPromtool = describe.skipIf(!hasPromtool);
export const describeWithPgBouncer = describe.skipIf(!postgresUrl || !hasPgBouncer);

/** The URL of a new database in the PostgreSQL of the run: migrated, or empty. */
export const createDatabase = (kind: 'migrated' | 'empty' = 'migrated'): Promise<string> =>
  createDatabaseFrom(postgresUrl!, kind === 'migrated' ? template : undefined);

/**
 * A fresh data directory of the embedded database, migrated and otherwise as at the first start,
 * but for its database id, which all copies share. A first start takes four times as long.
 */
export async function embeddedDirectory(): Promise<string> {
  const directory = temporaryDirectory();
  await cp(embeddedTemplate, directory, { recursive: true, mode: constants.COPYFILE_FICLONE });
  return directory;
}
