import { moveToPostgres } from './move-to-postgres.ts';

// For what is written into the data directory. The embedded database sets the modes of some files itself, so the directory is closed, too.
process.umask(0o077);

// npm run move -- DIRECTORY URL: from embedded to PostgreSQL.
const [directory, url] = process.argv.slice(2);
if (!directory || !url)
  throw new Error(
    'Say from where and to where: npm run move -- ./data postgresql://user:password@host:5432/database',
  );
console.table(await moveToPostgres(directory, url));
console.log(
  'Moved. Start the nodes with this DATABASE_URL, and with JWT_SECRET set to what is in jwt-secret beside the old database.',
);
