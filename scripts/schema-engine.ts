import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPGlite } from 'pglite-prisma-adapter';

const schemaPath = 'prisma/schema.prisma';
export const migrationsPath = 'prisma/migrations';
export const lockfile = '# Written by Prisma, kept in version control\nprovider = "postgresql"\n';
export const filters = { externalTables: [], externalEnums: [] };

/** Prisma's schema engine as WebAssembly, on databases in memory: it authors and checks migrations without a server or a download. */
export async function openSchemaEngine() {
  const directory = resolve('node_modules/@prisma/schema-engine-wasm');
  const glue = await import(join(directory, 'schema_engine_bg.js'));
  const wasm = await WebAssembly.instantiate(await readFile(join(directory, 'schema_engine_bg.wasm')), { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(wasm.instance.exports);
  (wasm.instance.exports.__wbindgen_start as () => void)();
  const inMemory = () => new PrismaPGlite(new PGlite('memory://'));
  const factory = Object.assign(inMemory(), { connectToShadowDb: () => inMemory().connect() });
  const content = await readFile(schemaPath, 'utf8');
  const engine = await glue.SchemaEngine.new({ datamodels: [[schemaPath, content]] }, () => {}, bindMigrationAwareSqlAdapterFactory(factory));
  return { engine, schema: { files: [{ path: schemaPath, content }] } };
}

/** The migrations as the engine wants them listed. */
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
        migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: await readFile(join(migrationsPath, path, 'migration.sql'), 'utf8') } },
      })),
    ),
  };
}
