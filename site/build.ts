/**
 * Builds the documentation site into site/dist: the documents of the repository, and references
 * from the schema and the SDK.
 */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSchema } from 'graphql';
import { build } from 'vitepress';
import { apiReference } from './api-reference.ts';
import { findDeadLinks } from './dead-links.ts';
import { documentPages } from './documents.ts';
import { sdkReference } from './sdk-reference.ts';

const site = fileURLToPath(new URL('.', import.meta.url));
const root = dirname(join(site, '.'));
const pages = join(site, 'pages');

await rm(pages, { recursive: true, force: true });
await sdkReference(root, join(pages, 'reference/sdk'));
const schema = buildSchema(await readFile(join(root, 'schema.graphql'), 'utf8'));
const texts = { ...(await documentPages(root)), ...apiReference(schema, 'reference/api') };
for (const [path, text] of Object.entries(texts)) {
  await mkdir(dirname(join(pages, path)), { recursive: true });
  await writeFile(join(pages, path), text);
}
await cp(join(site, 'index.md'), join(pages, 'index.md'));
await cp(join(root, 'docs/pictures'), join(pages, 'docs/pictures'), { recursive: true });

await build(site);
const dead = await findDeadLinks(join(site, 'dist'));
for (const link of dead) console.error(link);
if (dead.length > 0) process.exitCode = 1;
