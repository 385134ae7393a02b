import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  filters,
  listMigrations,
  lockfile,
  migrationsPath,
  openSchemaEngine,
} from './schema-engine.ts';

// npm run migration -- NAME: writes what prisma/schema.prisma has and prisma/migrations lacks.
const migrationName = process.argv[2] ?? 'migration';
const { engine, schema } = await openSchemaEngine();
const migrationsList = await listMigrations();
await engine.applyMigrations({ migrationsList, filters });
// Fills the cache that the two calls after it need.
const { action } = await engine.devDiagnostic({ migrationsList, filters });
if (action.tag !== 'createMigration') throw new Error(action.reason);
const loss = await engine.evaluateDataLoss({ migrationsList, schema, filters });
for (const step of [...loss.warnings, ...loss.unexecutableSteps]) console.warn(`! ${step.message}`);
const made = await engine.createMigration({
  draft: false,
  migrationName,
  migrationsList,
  schema,
  filters,
});
if (made.migrationScript) {
  const directory = join(migrationsPath, made.generatedMigrationName);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'migration.sql'), made.migrationScript);
  await writeFile(join(migrationsPath, 'migration_lock.toml'), lockfile);
  console.log(`wrote ${directory}; read it before you commit it`);
} else console.log('the schema and the migrations agree');
process.exit();
