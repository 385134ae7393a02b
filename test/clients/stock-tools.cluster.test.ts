import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { codegen } from '@graphql-codegen/core';
import { preset } from '@graphql-codegen/client-preset';
import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal';
import { buildSchema, introspectionFromSchema, parse, print, type DocumentNode } from 'graphql';
import {
  Environment,
  fetchQuery,
  getSingularSelector,
  Network,
  RecordSource,
  Store,
} from 'relay-runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { person, query } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { bodiesUpTo, send } from '../support/send-and-follow.ts';
import { startNode } from '../support/start-node.ts';

const run = promisify(execFile);
const bin = (name: string) => resolve('node_modules/.bin', name);
const schemaPath = resolve('schema.graphql');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'causerie-tools-'));
  // Generated files find the libraries that they import.
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
});
afterAll(() => rm(folder, { recursive: true }));

async function emptyFolder(name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  return path;
}

/** Checks the types of these files as an application does. Rejects with the faults. */
async function checkTypes(path: string, files: readonly string[]): Promise<void> {
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: 'es2022',
    module: 'nodenext',
    allowImportingTsExtensions: true,
    types: [],
  };
  await writeFile(join(path, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  await run(bin('tsc'), ['-p', path]).catch(({ stdout }: { stdout: string }) => {
    throw new Error(stdout);
  });
}

const load = (path: string) => import(pathToFileURL(path).href);

interface MessagePage {
  readonly edges: readonly { readonly node: { readonly body: string } }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

it('GraphQL Code Generator makes a client preset that compiles and works', async () => {
  const path = await emptyFolder('codegen');
  const schema = await readFile(schemaPath, 'utf8');
  const location = 'test/tools/operations.graphql';
  const document = parse(await readFile(location, 'utf8'));
  const outputs = await preset.buildGeneratesSection({
    baseOutputDir: `${path}/`,
    schema: parse(schema),
    schemaAst: buildSchema(schema),
    documents: [{ location, document, rawSDL: print(document) }],
    config: { useTypeImports: true, enumsAsTypes: true, scalars: { Cursor: 'string' } },
    presetConfig: {},
    plugins: [],
    pluginMap: {},
  });
  for (const output of outputs)
    await writeFile(
      output.filename,
      (await codegen(output)).replaceAll(/from (['"])(\.\/[\w-]+)\1/g, 'from $1$2.ts$1'),
    );
  await cp('test/tools/codegen-use.ts', join(path, 'use.ts'));
  await checkTypes(path, ['use.ts']);

  await using node = await startNode();
  await using ann = await person(node, 'ann');
  const { id } = await createRoom(ann, { name: 'Quay' });
  const { RoomsDocument, SendDocument } = await load(join(path, 'use.ts'));
  const ask = (typed: DocumentNode, variables: Record<string, unknown>) =>
    ann.query(print(typed), variables);
  const { rooms } = await ask(RoomsDocument, { first: 10 });
  expect(rooms.edges.map((edge: any) => edge.node.name)).toContain('Quay');
  const sent = await ask(SendDocument, { input: { conversationId: id, body: 'Hello' } });
  expect(sent.sendMessage.message.seq).toBe(1);
});

it('Relay compiles a refetchable fragment, and pages through the messages of a room with it', async () => {
  const path = await emptyFolder('relay');
  await cp('test/tools/relay', join(path, 'src'), { recursive: true });
  const config = {
    src: './src',
    schema: './schema.graphql',
    language: 'typescript',
    eagerEsModules: true,
  };
  await cp(schemaPath, join(path, 'schema.graphql'));
  await writeFile(join(path, 'relay.config.json'), JSON.stringify(config));
  await run(bin('relay-compiler'), ['relay.config.json'], { cwd: path });
  const artifact = async (name: string) =>
    (await load(join(path, 'src/__generated__', `${name}.graphql.ts`))).default;

  await using node = await startNode({ settings: { RATE_LIMITS: 'off' } });
  await using ann = await person(node, 'ann');
  const { id } = await createRoom(ann, { name: 'Quay' });
  for (const body of bodiesUpTo(7)) await send(ann, id, body);
  const environment = new Environment({
    network: Network.create(async ({ text }, variables) => ({
      data: await query(node.url, text!, variables, ann.token),
    })),
    store: new Store(new RecordSource()),
  });
  const first: any = await fetchQuery(environment, await artifact('roomQuery'), { id }).toPromise();
  expect(first.room).toMatchObject({ id, viewerMember: { role: 'OWNER' } });
  const selector = getSingularSelector(await artifact('room_messages'), first.room)!;
  const shown = () =>
    (environment.lookup(selector).data as unknown as { messages: MessagePage }).messages;
  const bodies = () => shown().edges.map(({ node: { body } }) => body);
  expect(bodies()).toEqual(bodiesUpTo(3));
  const more = await artifact('RoomMessagesPaginationQuery');
  while (shown().pageInfo.hasNextPage) {
    const variables = { id, count: 3, cursor: shown().pageInfo.endCursor };
    await fetchQuery(environment, more, variables, { fetchPolicy: 'network-only' }).toPromise();
  }
  expect(bodies()).toEqual(bodiesUpTo(7));
});

it('gql.tada knows the types of results, and that a OneOf input takes one field', async () => {
  const path = await emptyFolder('tada');
  await cp('test/tools/tada-use.ts', join(path, 'use.ts'));
  // What the command line of gql.tada writes; it does not run with TypeScript 7 yet.
  const schema = buildSchema(await readFile(schemaPath, 'utf8'));
  const introspection = introspectionFromSchema(schema, { oneOf: true });
  const types = outputIntrospectionFile(minifyIntrospection(introspection as never), {
    fileType: '.d.ts',
    shouldPreprocess: true,
  });
  await writeFile(join(path, 'graphql-env.d.ts'), types);
  await checkTypes(path, ['use.ts']);
});

it('genql makes a client that works', async () => {
  const path = await emptyFolder('genql');
  await run(bin('genql'), ['--schema', schemaPath, '--output', path, '--esm']);
  const { createClient } = await load(join(path, 'index.ts'));
  await using node = await startNode();
  await using ann = await person(node, 'ann');
  const client = createClient({
    url: node.url,
    headers: { authorization: `Bearer ${ann.token}` },
  });
  const name = 'Quay';
  await client.mutation({ createRoom: { __args: { input: { name } }, room: { id: true } } });
  const { rooms } = await client.query({
    rooms: { __args: { first: 10 }, edges: { node: { name: true, unreadCount: true } } },
  });
  expect(rooms.edges.map((edge: any) => edge.node.name)).toContain(name);
});
