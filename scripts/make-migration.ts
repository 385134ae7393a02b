import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  filters,
  listMigrations,
  lockfile,
  migrationsPath,
  openSchemaEngine,
} from './schema-engine.ts';

// npm run migration -- NAME: writes a migration with the changes in prisma/schema.prisma that
// prisma/migrations lacks.
const migrationName = process.argv[2] ?? 'migration';
const { engine, schema } = await openSchemaEngine();
const migrationsList = await listMigrations();
await engine.applyMigrations({ migrationsList, filters });
// Fills a cache that the next two calls need.
const { action } = await engine.devDiagnostic({ migrationsList, filters });
if (action.tag !== 'createMigration') throw new Error(action.reason);
const loss = await engine.evaluateDataLoss({ migrationsList, schema, filters });
for (const step of [...loss.warnings, ...loss.unexecutableSteps]) console.warn(`! ${step.message}`);
const created = await engine.createMigration({
  draft: false,
  migrationName,
  migrationsList,
  schema,
  filters,
});
if (created.migrationScript) {
  const directory = join(migrationsPath, created.generatedMigrationName);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'migration.sql'), created.migrationScript);
  await writeFile(join(migrationsPath, 'migration_lock.toml'), lockfile);
  console.log(`Wrote ${directory}. Review it before you commit it.`);
} else console.log('The migrations are up to date with the schema.');
process.exit();
