import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import { PrismaPGlite } from 'pglite-prisma-adapter';

const schemaPath = 'prisma/schema.prisma';
export const migrationsPath = 'prisma/migrations';
export const lockfile = '# Written by Prisma, kept in version control\nprovider = "postgresql"\n';
export const filters = { externalTables: [], externalEnums: [] };

const inMemory = () => new PrismaPGlite(new PGlite('memory://'));

/**
 * Opens Prisma's schema engine as WebAssembly, with its shadow database in memory. It creates and
 * checks migrations without a server or a download.
 */
export async function openSchemaEngine(database: SqlDriverAdapterFactory = inMemory()) {
  const { SchemaEngine } = await (loading ??= load());
  const factory = Object.assign(database, { connectToShadowDb: () => inMemory().connect() });
  const content = await readFile(schemaPath, 'utf8');
  const engine = await SchemaEngine.new(
    { datamodels: [[schemaPath, content]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(factory),
  );
  return { engine, schema: { files: [{ path: schemaPath, content }] } };
}

let loading: ReturnType<typeof load> | undefined;

/** Call it once per process: the module has only one instance. */
async function load() {
  const directory = resolve('node_modules/@prisma/schema-engine-wasm');
  const glue = await import(join(directory, 'schema_engine_bg.js'));
  const wasm = await WebAssembly.instantiate(
    await readFile(join(directory, 'schema_engine_bg.wasm')),
    { './schema_engine_bg.js': glue },
  );
  glue.__wbg_set_wasm(wasm.instance.exports);
  (wasm.instance.exports.__wbindgen_start as () => void)();
  return glue;
}

/** The migrations in the form that the engine expects. */
export async function listMigrations() {
  const entries = await readdir(migrationsPath, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir: resolve(migrationsPath),
    shadowDbInitScript: '',
    lockfile: { path: 'migration_lock.toml', content: lockfile },
    migrationDirectories: await Promise.all(
      names.toSorted().map(async (path) => ({
        path,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: 'ok',
            value: await readFile(join(migrationsPath, path, 'migration.sql'), 'utf8'),
          },
        },
      })),
    ),
  };
}
