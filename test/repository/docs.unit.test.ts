import { environmentOf } from '../support/compose.ts';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../src/limits.ts';
import { settings } from '../../src/settings/settings.ts';

const textOf = (path: string) => readFileSync(path, 'utf8');

/** The folders from which the docs name files. Links are checked when the site is built. */
const bases = [
  '',
  'src/',
  'src/chat/',
  'client/',
  'client/src/',
  'web/src/',
  'web/src/state/',
  'web/src/views/',
  'web/',
  'bench/',
  'test/faults/',
];

/**
 * The files that a text names in code spans: paths with a folder, and tests. `x.test.ts` stands for
 * any test.
 */
const filesIn = (text: string): string[] =>
  [...text.matchAll(/`([\w./-]+\.(?:ts|tsx|js|graphql|prisma|css|yml|conf))`/g)]
    .map(([, path]) => path!)
    .filter((path) => path.includes('/') || /^(?!x\.).*\.test\.ts$/.test(path));

const missingFiles = (text: string): string[] =>
  filesIn(text).filter((path) => !bases.some((base) => existsSync(base + path)));

describe('the documentation', () => {
  const guides = readdirSync('docs').filter((name) => name.endsWith('.md'));

  it.each([
    'README.md',
    'README.fr.md',
    'CONTRIBUTING.md',
    'STYLE.md',
    'bench/README.md',
    'client/README.md',
    ...guides.map((name) => `docs/${name}`),
  ])('names only existing files: %s', (path) => {
    expect(missingFiles(textOf(path))).toEqual([]);
  });

  it.each(['README.md', 'README.fr.md', 'site/.vitepress/config.ts'])('is listed in %s', (list) => {
    const text = textOf(list);
    const missing = guides.filter((name) => !text.includes(`docs/${name.replace('.md', '')}`));
    expect(missing).toEqual([]);
  });

  it('is found if it names a file that does not exist', () => {
    expect(missingFiles('See `live/missing.ts` and `live/feed.ts`.')).toEqual(['live/missing.ts']);
  });

  it('names the values of the limits of documents', () => {
    const rows = [...textOf('docs/protocol.md').matchAll(/^\| `(\w+)` \| ([\d,]+) \|/gm)];
    expect(rows.length).toBeGreaterThanOrEqual(10);
    for (const [, name, value] of rows)
      expect([name, Number(value!.replaceAll(',', ''))]).toEqual([
        name,
        defaultLimits[name as keyof typeof defaultLimits],
      ]);
  });
});

describe('docker-compose.yml', () => {
  const compose = textOf('docker-compose.yml');
  const given = Object.fromEntries(Object.keys(settings).map((name) => [name, `value of ${name}`]));
  const secrets = { JWT_SECRET: 'secret', POSTGRES_PASSWORD: 'password' };

  it.each(['node-1', 'node-2'])('passes every setting of .env to %s', (node) => {
    const passed = environmentOf(compose, node, { ...given, POSTGRES_PASSWORD: 'password' });
    // Where the container listens and keeps its data, and the proxy that it trusts.
    const fixed = ['HOST', 'PORT', 'DATA_DIR', 'TRUSTED_PROXIES'];
    const lost = Object.keys(given).filter((name) => passed[name] !== given[name]);
    expect(lost.toSorted()).toEqual(fixed.toSorted());
  });

  it('connects the nodes to its own services, if .env names no others', () => {
    expect(environmentOf(compose, 'node-1', secrets)).toMatchObject({
      DATABASE_URL: 'postgresql://causerie:password@postgres:5432/causerie',
      REDIS_URL: 'redis://redis:6379',
    });
    expect(environmentOf(compose, 'postgres', secrets).POSTGRES_PASSWORD).toBe('password');
  });

  it.each(['JWT_SECRET', 'POSTGRES_PASSWORD'])('has no default for the secret %s', (secret) => {
    expect(() => environmentOf(compose, 'node-1', { ...secrets, [secret]: '' })).toThrow(
      `Put ${secret} into .env`,
    );
  });
});
