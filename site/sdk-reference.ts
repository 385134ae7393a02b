import { join } from 'node:path';
import { Application, type TypeDocOptions } from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';

/** Writes the reference of all that the SDK exports, one folder for each of its entry points. */
export async function sdkReference(root: string, out: string): Promise<void> {
  const entries = ['index', 'urql', 'apollo'].map((name) => join(root, `client/src/${name}.ts`));
  const options: TypeDocOptions & PluginOptions = {
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: entries,
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
}
