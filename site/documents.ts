import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

const documents = [
  'README.md',
  'README.fr.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'STYLE.md',
  'bench/README.md',
  'client/README.md',
  'examples/apollo/README.md',
  'examples/urql/README.md',
];

/**
 * The documents of the repository, by their paths, with links that the site can follow. Throws on a
 * link to nothing.
 */
export async function documentPages(root: string): Promise<Record<string, string>> {
  const docs = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md'));
  const paths = [...documents, ...docs.map((name) => `docs/${name}`)];
  const pages: Record<string, string> = {};
  for (const path of paths) {
    const text = await readFile(join(root, path), 'utf8');
    pages[path] = asPage(text, path, paths, (file) => existsSync(join(root, file)));
  }
  return pages;
}

const reference = 'reference/api/queries.md';

function asPage(
  text: string,
  path: string,
  paths: readonly string[],
  exists: (file: string) => boolean,
): string {
  const folder = posix.dirname(path);
  return text
    .replaceAll(/(src|srcset)="(?=docs\/)/g, '$1="./')
    .replaceAll(
      /```mermaid\n[^]*?```\n/g,
      '[Architecture](docs/architecture.md) has the details.\n',
    )
    .replaceAll(
      /(?<!!)\[((?:[^\][]|\[[^\]]*\])+)\]\(([^)#\s]*)(#[^)\s]*)?\)/g,
      (link, label, to, anchor = '') => {
        if (to === '' || /^[a-z]+:/.test(to)) return link;
        const target = posix.join(folder, to);
        if (!exists(target)) throw new Error(`${path} links to ${target}, which does not exist`);
        if (paths.includes(target)) return link;
        // The site has the schema as a reference, and other files of the repository not at all.
        if (target !== 'schema.graphql') return label;
        return `[${label}](${posix.relative(folder, reference)}${anchor})`;
      },
    );
}
