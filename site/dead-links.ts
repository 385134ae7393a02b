import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

const decode = (text: string) => decodeURIComponent(text.replaceAll('&amp;', '&'));

const valuesOf = (html: string, attribute: string): string[] =>
  [...html.matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, 'g'))].map(([, value]) => value!);

/**
 * What the pages of a built site refer to and do not find: pages, files, headings; and what they
 * load from another host, so that they would need a network.
 */
export async function findDeadLinks(folder: string): Promise<string[]> {
  const files = new Set(await readdir(folder, { recursive: true }));
  const pages = new Map<string, string>();
  for (const path of files) {
    if (path.endsWith('.html')) pages.set(path, await readFile(join(folder, path), 'utf8'));
  }
  const anchors = new Map(
    [...pages].map(([path, html]) => [path, new Set(valuesOf(html, 'id').map(decode))]),
  );
  const dead: string[] = [];
  for (const [path, html] of pages) {
    const targets = new Set([
      ...valuesOf(html, 'href'),
      ...valuesOf(html, 'src'),
      ...valuesOf(html, 'srcset'),
    ]);
    for (const target of targets) {
      if (/^(https?:)?\/\//.test(target)) {
        if (loads(html, target)) dead.push(`${path} loads ${target}`);
        continue;
      }
      if (/^(mailto|data):/.test(target)) continue;
      const [to = '', anchor = ''] = target.split('#').map(decode);
      const base = to.startsWith('/') ? to.slice(1) : posix.join(posix.dirname(path), to);
      const file =
        to === ''
          ? path
          : [base, `${base}.html`, posix.join(base, 'index.html')].find(
              (one) =>
                files.has(one) && (pages.has(one) || !one.endsWith('.html')) && /\.\w+$/.test(one),
            );
      if (file === undefined) dead.push(`${path} refers to ${target}, which does not exist`);
      else if (anchor && !anchors.get(file)?.has(anchor))
        dead.push(`${path} refers to ${target}, which has no such heading`);
    }
  }
  return dead;
}

/** Whether something other than a link that a person follows has this address. */
function loads(html: string, target: string): boolean {
  const tags = html.match(/<\w[^>]*>/g) ?? [];
  return tags.some((tag) => tag.includes(`"${target}"`) && !tag.startsWith('<a '));
}
