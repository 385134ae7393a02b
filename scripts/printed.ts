import { readFile } from 'node:fs/promises';
import { printSchema } from 'graphql';
import { permissionsPage } from './permissions.ts';
import { settings } from '../src/settings/settings.ts';
import { createMetrics } from '../src/metrics.ts';
import { schema } from '../src/schema.ts';
import {
  clientDocumentIds,
  clientOperations,
  clientPossibleTypes,
  documentsForServer,
  exampleOperations,
} from './client-operations.ts';

/**
 * The expected content of the files that are generated from the code, in whole or in part. `npm run
 * print` writes them; a test compares them.
 */
export async function printedFiles(): Promise<Record<string, string>> {
  const operations = await readFile('docs/operations.md', 'utf8');
  const schemaText = `${printSchema(schema)}\n`;
  return {
    'schema.graphql': schemaText,
    'client/src/generated/operations.ts': await clientOperations(schemaText),
    'client/src/generated/possible-types.ts': clientPossibleTypes(schemaText),
    'client/src/generated/document-ids.ts': await clientDocumentIds(schemaText),
    'src/graphql/generated/sdk-documents.ts': await documentsForServer(schemaText),
    'examples/apollo/src/generated.ts': await exampleOperations(schemaText, 'apollo'),
    'examples/urql/src/generated.ts': await exampleOperations(schemaText, 'urql'),
    'docs/permissions.md': await permissionsPage(),
    '.env.example': envExample(),
    'docs/operations.md': fill(
      fill(operations, 'settings', settingsTable()),
      'metrics',
      await metricsTable(),
    ),
  };
}

const described = Object.entries(settings).map(([name, type]) => ({
  name,
  description: type.description ?? '',
  fallback: textOf(type.parse(undefined)),
}));

/** The text of a default value. No default is an object. */
function textOf(value: unknown): string {
  return value === undefined ? '' : String(value as string);
}

function settingsTable(): string {
  return table(
    ['Setting', 'Default', 'Description'],
    described.map(({ name, fallback, description }) => [
      `\`${name}\``,
      fallback && `\`${fallback}\``,
      description,
    ]),
  );
}

async function metricsTable(): Promise<string> {
  const metrics = await createMetrics().registry.getMetricsAsJSON();
  const own = metrics.filter(({ name }) => name.startsWith('causerie_'));
  return table(
    ['Metric', 'Type', 'Description'],
    own.map(({ name, type, help }) => [`\`${name}\``, String(type), help]),
  );
}

function table(heads: string[], rows: string[][]): string {
  const line = (cells: string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Replaces the text between the two comments that mark a section. */
function fill(document: string, name: string, text: string): string {
  const begin = `<!-- ${name}: written by npm run print -->`;
  const end = `<!-- end of ${name} -->`;
  const start = document.indexOf(begin);
  const stop = document.indexOf(end);
  if (start < 0 || stop < start)
    throw new Error(`docs/operations.md lacks the comments that mark the section ${name}`);
  return `${document.slice(0, start + begin.length)}\n\n${text}\n\n${document.slice(stop)}`;
}

function envExample(): string {
  const head = [
    '# All settings of Causerie with their defaults, written by npm run print. One node needs none of them. Copy this file to .env, and',
    '# uncomment the settings to change. The server reads .env in its working directory, and so does Docker Compose.',
  ];
  const entries = described.flatMap(({ name, fallback, description }) => [
    '',
    `# ${description.replaceAll('\n', ' ')}`,
    `# ${name}=${fallback}`,
  ]);
  return `${[...head, ...entries].join('\n')}\n`;
}
