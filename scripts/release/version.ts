/**
 * Sets the version of the server to that of the SDK, which changesets has updated, and closes the
 * section of the changelog. Part of `npm run release:version`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { release } from './changelog.ts';

const { version } = JSON.parse(await readFile('client/package.json', 'utf8'));
const manifest = await readFile('package.json', 'utf8');
await writeFile('package.json', manifest.replace(/"version": "[^"]+"/, `"version": "${version}"`));
const today = new Date().toISOString().slice(0, 10);
await writeFile('CHANGELOG.md', release(await readFile('CHANGELOG.md', 'utf8'), version, today));
