import { moveToPostgres } from './db/move-to-postgres.ts';

// Only the owner may read the files in the data directory. The embedded database sets the modes of
// some files itself; the closed directory protects them.
process.umask(0o077);

// npm run move -- DIRECTORY URL, or node dist/move.js DIRECTORY URL: copies an embedded database
// to PostgreSQL.
const [directory, url] = process.argv.slice(2);
if (!directory || !url)
  throw new Error(
    'Pass a source directory and a target URL: npm run move -- ./data postgresql://user:password@host:5432/database',
  );
console.table(await moveToPostgres(directory, url));
console.log(
  'Moved. Start the nodes with this DATABASE_URL, and with JWT_SECRET set to the content of the file jwt-secret in the old data directory.',
);
