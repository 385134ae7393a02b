import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { findDeadLinks } from '../../site/dead-links.ts';

async function site(pages: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'site-'));
  for (const [path, html] of Object.entries(pages)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), html);
  }
  return folder;
}

it('finds no dead links in a site whose links all exist', async () => {
  const folder = await site({
    'index.html':
      '<a href="/docs/protocol.html#errors">a</a> <a href="#top" id="top">b</a> <img src="./a.png">',
    'docs/protocol.html':
      '<h2 id="errors">Errors</h2> <a href="../">home</a> <a href="https://example.org/">elsewhere</a>',
    'a.png': '',
  });
  expect(await findDeadLinks(folder)).toEqual([]);
});

it('finds links to missing pages, files and headings, and files that a page loads from elsewhere', async () => {
  const folder = await site({
    'index.html': [
      '<a href="/missing.html">a</a>',
      '<a href="./docs">b</a>',
      '<img src="/missing.png">',
      '<a href="/docs/protocol.html#missing">c</a>',
      '<a href="#missing">d</a>',
      '<link rel="stylesheet" href="https://fonts.example.org/a.css">',
      '<script src="//cdn.example.org/a.js"></script>',
    ].join(''),
    'docs/protocol.html': '',
  });
  expect(await findDeadLinks(folder)).toEqual([
    'index.html refers to /missing.html, which does not exist',
    'index.html refers to ./docs, which does not exist',
    'index.html refers to /docs/protocol.html#missing, which has no such heading',
    'index.html refers to #missing, which has no such heading',
    'index.html loads https://fonts.example.org/a.css',
    'index.html refers to /missing.png, which does not exist',
    'index.html loads //cdn.example.org/a.js',
  ]);
});
