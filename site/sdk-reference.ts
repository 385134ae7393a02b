import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Application, type TypeDocOptions } from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';

const entryPoints = {
  index: '@causerie/client',
  body: '@causerie/client/body',
  urql: '@causerie/client/urql',
  apollo: '@causerie/client/apollo',
};

/** Writes the reference of all that the SDK exports, one folder for each of its entry points. */
export async function sdkReference(root: string, out: string): Promise<void> {
  const options: TypeDocOptions & PluginOptions = {
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: Object.keys(entryPoints).map((name) => join(root, `client/src/${name}.ts`)),
    tsconfig: join(root, 'client/tsconfig.json'),
    out,
    readme: 'none',
    router: 'module',
    entryFileName: 'modules',
    disableSources: true,
    excludeInternal: true,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    sanitizeComments: true,
    useCodeBlocks: true,
    logLevel: 'Error',
  };
  const app = await Application.bootstrapWithPlugins(options);
  const project = await app.convert();
  if (!project) throw new Error('The types of the SDK have errors');
  await app.generateOutputs(project);
  // A module is titled after its file; users know it by what they import.
  for (const [name, title] of Object.entries(entryPoints)) {
    const page = join(out, `${name}.md`);
    await writeFile(page, (await readFile(page, 'utf8')).replace(`# ${name}\n`, `# ${title}\n`));
  }
}
