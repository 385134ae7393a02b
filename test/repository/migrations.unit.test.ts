import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const directory = new URL('../../prisma/migrations/', import.meta.url);

const newKind = 'its constraints hold for all rooms, and older nodes write no other conversations';
const afterStop = 'nodes of 0.1.0 are stopped before this version starts (CHANGELOG, Upgrading)';

/**
 * Migrations that remove or change what nodes of the release before use, and why none of these runs
 * when they are applied. See "Changes of the database" in CONTRIBUTING.md.
 */
const contracts: Readonly<Record<string, string>> = {
  '20261121073001_direct_conversations': newKind,
  '20261121074301_support_conversations': newKind,
  '20261121080000_ids_of_kinds': newKind,
  '20261128035409_identities': afterStop,
  '20261128040000_histories': afterStop,
  '20261128075239_known_addresses': afterStop,
  '20261128081252_message_words': afterStop,
  '20261128082619_listed_conversations': afterStop,
  '20261128105047_replies': 'another index does the work of the dropped one',
  '20261128105059_backend_messages': 'it replaces an index that no released version has',
  '20261128111000_size': 'a new index serves what the dropped one did',
  '20261128183000_metadata_of_all_rooms': 'it replaces an index that no released version has',
};

const contracting: Readonly<Record<string, RegExp>> = {
  'removes something': /\bdrop\s|\btruncate\b|\bdelete\s+from\b/i,
  'renames something': /\brename\b/i,
  'changes the type of a column': /\balter\s+(?:column\s+)?\S+\s+(?:set\s+data\s+)?type\b/i,
  'refuses rows that were accepted': /\bset\s+not\s+null\b|\badd\s+constraint\b[^;]*\bcheck\b/i,
  'requires a column that older nodes do not fill':
    /\badd\s+column\s(?:(?!\bdefault\b|,|;).)*\bnot\s+null\b(?:(?!\bdefault\b|,|;).)*(?:,|;|$)/is,
};

/** What a migration does that breaks nodes of the release before. */
function breaks(sql: string): string[] {
  const statements = sql.replace(/--.*$/gm, '').replace(/\/\*.*?\*\//gs, '');
  return Object.entries(contracting).flatMap(([what, form]) => (form.test(statements) ? what : []));
}

describe('migrations', () => {
  it('change nothing that nodes of the release before use, unless they are listed with a reason', async () => {
    const names = (await readdir(directory, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const found: string[] = [];
    for (const name of names) {
      const sql = await readFile(new URL(`${name}/migration.sql`, directory), 'utf8');
      if (breaks(sql).length > 0) found.push(name);
    }
    expect(found.toSorted()).toEqual(Object.keys(contracts));
  });

  it.each([
    ['DROP INDEX "a";', 'removes something'],
    ['ALTER TABLE "a" DROP COLUMN "b";', 'removes something'],
    ['alter table a\n  alter column b drop default;', 'removes something'],
    ['DELETE FROM "a";', 'removes something'],
    ['ALTER TABLE "a" RENAME TO "b";', 'renames something'],
    ["ALTER TYPE \"a\" RENAME VALUE 'B' TO 'C';", 'renames something'],
    ['ALTER TABLE "a" ALTER COLUMN "b" SET DATA TYPE TEXT;', 'changes the type of a column'],
    ['alter table a alter b type bigint;', 'changes the type of a column'],
    ['ALTER TABLE "a" ALTER COLUMN "b" SET NOT NULL;', 'refuses rows that were accepted'],
    ['ALTER TABLE a ADD CONSTRAINT b CHECK (c > 0);', 'refuses rows that were accepted'],
    [
      'ALTER TABLE "a" ADD COLUMN "b" TEXT NOT NULL,\nADD COLUMN "c" TEXT DEFAULT \'\';',
      'requires a column that older nodes do not fill',
    ],
  ])('control: %j is found', (sql, what) => {
    expect(breaks(sql)).toEqual([what]);
  });

  it.each([
    'CREATE TABLE "a" ("b" TEXT NOT NULL);',
    'ALTER TABLE "a" ADD COLUMN "b" TEXT, ADD COLUMN "c" INTEGER NOT NULL DEFAULT 0;',
    'ALTER TABLE "a" ADD COLUMN "c" JSONB DEFAULT \'{}\' NOT NULL;',
    'ALTER TYPE "Kind" ADD VALUE \'OTHER\';',
    'CREATE INDEX "a" ON "b"("c");',
    '-- Later: DROP TABLE "a";',
  ])('control: %j is not', (sql) => {
    expect(breaks(sql)).toEqual([]);
  });
});
