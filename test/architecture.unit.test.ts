import { readdir, readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';

/** From the top down. A file may import files of its own layer and of lower ones. */
type Layers = { readonly [layer: string]: RegExp };

const layers: Layers = {
  programs: /^(files|main|move|run-node|service-token|supervision|supervisor)\.ts$/,
  app: /^app\.ts$/,
  schema: /^schema\.ts$/,
  server: /^server\//,
  'chat, its API': /^chat\/.*\.graphql\.ts$/,
  'chat, its rules': /^chat\//,
  'graphql and live': /^(graphql|live)\//,
  gateway: /^gateway\//,
  scope: /^(holder|loaders|scope)\.ts$/,
  events: /^events\//,
  'cluster, db and storage': /^(cluster|db|storage)\//,
  ground:
    /^(settings\/|(budget|config|database-url|environment|errors|fair-turns|held-turn|ids|jitter|limits|log|log-repeats|metrics|redis-url|url-parts|version)\.ts$)/,
};

/**
 * The folders of chat/, from the bottom up. A folder imports itself and folders of lower strata;
 * folders of one stratum know nothing of each other. The files that lie in chat/ itself put the
 * folders together, and no folder imports them.
 */
const chatStrata: readonly (readonly string[])[] = [
  ['policy'],
  ['people'],
  ['conversations'],
  ['messages'],
  ['rooms', 'direct', 'support', 'notifications', 'files'],
  ['moderation', 'presence', 'signals', 'invitations', 'push'],
  ['departures'],
  ['backends'],
];

/**
 * Each kind of conversation, and the files that may name it: those of its folder, and the table of
 * kinds. Everything else asks `Kind`.
 */
const kindFolders: { readonly [kind: string]: RegExp } = {
  ROOM: /^chat\/(rooms\/|kinds\.ts$)/,
  DIRECT: /^chat\/(direct\/|kinds\.ts$)/,
  SUPPORT: /^chat\/(support\/|kinds\.ts$)/,
};

const webLayers: Layers = {
  shell: /^(main\.tsx$|views\/shell\/)/,
  places: /^views\/(account|direct|notifications|reports|rooms|search|support)\//,
  people: /^views\/people\//,
  moderation: /^views\/moderation\//,
  conversation: /^views\/conversation\//,
  messages: /^views\/messages\//,
  elements: /^views\/elements\//,
  state: /^state\//,
  ground: /^(causerie\.ts$|texts\/)/,
};

/** What is forbidden beyond the order of the layers, and why. */
const bans: readonly { readonly from: RegExp; readonly to: RegExp; readonly why: string }[] = [
  {
    from: /^live\//,
    to: /^(graphql|chat|server)\/|^(schema|app)\.ts$/,
    why: 'live/ knows no room, no message and no GraphQL',
  },
  {
    from: /^chat\/(?!.*\.graphql\.ts$)/,
    to: /^graphql\/(?!pages\.ts$)|^live\/|^server\/|^(graphql|graphql-.*|ws|@pothos\/.*)$/,
    why: 'rules see neither GraphQL nor sockets',
  },
  { from: /^chat\/(?!.*\.graphql\.ts$)/, to: /\.graphql\.ts$/, why: 'rules do not know their API' },
  {
    from: /^(?!db\/)/,
    to: /^(pg|@prisma\/adapter-pg|@electric-sql\/.*)$/,
    why: 'only db/ knows which database it is',
  },
  {
    from: /^(?!cluster\/)/,
    to: /^(ioredis|graphql-redis-subscriptions|rate-limiter-flexible)$/,
    why: 'only cluster/ knows how nodes reach each other',
  },
  {
    from: /^(?!server\/)/,
    to: /^(ws|graphql-ws|graphql-yoga|@graphql-yoga\/.*)$/,
    why: 'only server/ knows the transports',
  },
  {
    from: /^(?!gateway\/)/,
    to: /^(node:)?(https|http2|undici|dns|dns\/promises)$/,
    why: 'only gateway/ opens connections to other servers',
  },
  { from: /^events\//, to: /^cluster\//, why: 'events are stored and numbered without a bus' },
];

interface Import {
  readonly from: string;
  readonly to: string;
}

const statement = /^\s*(?:import|export)\s+(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;

/**
 * The imports of a file, with files of this project as paths below src. Type imports count too: a
 * file that uses a type depends on its layer.
 */
function importsOf(from: string, text: string): Import[] {
  return [...text.matchAll(statement)].map(([, named, called]) => {
    const name = (named ?? called)!;
    return { from, to: name.startsWith('.') ? posix.join(posix.dirname(from), name) : name };
  });
}

/** The source files in a folder by their paths in it, without generated ones. */
async function sources(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true });
  const files = entries.filter(
    (path) => /\.[jt]sx?$/.test(path) && !/(^|\/)generated(\/|\.)/.test(path),
  );
  return new Map(
    await Promise.all(
      files.map(async (path) => [path, await readFile(`${folder}/${path}`, 'utf8')] as const),
    ),
  );
}

const state =
  /^(?:export )?(?:let |const \w+(?:: (?!Readonly)[^=]+)? = new (?:(?:Weak)?(?:Map|Set)|LRUCache)\b)/m;

/**
 * Files of chat/ that keep state in their module, which several nodes of one process would share.
 */
const statesInModules = (files: ReadonlyMap<string, string>): string[] =>
  [...files].flatMap(([path, text]) =>
    path.startsWith('chat/') && state.test(text) ? [`${path} keeps state in its module`] : [],
  );

const layerOf = (path: string, of: Layers): number =>
  Object.values(of).findIndex((pattern) => pattern.test(path));

/** The imports that point up, or that are forbidden, with the reason. */
const violations = (imports: readonly Import[]): string[] =>
  imports.flatMap((one) => [
    ...bans
      .filter(({ from, to }) => from.test(one.from) && to.test(one.to))
      .map(({ why }) => `${one.from} imports ${one.to}: ${why}`),
    ...climbs(one, layers),
    ...crossings(one),
  ]);

const folderInChat = (path: string): string | undefined => /^chat\/([^/]+)\//.exec(path)?.[1];

const stratumOf = (folder: string): number =>
  chatStrata.findIndex((folders) => folders.includes(folder));

/** Describes an import that leaves its folder of chat/ for anything but a lower stratum. */
function crossings({ from, to }: Import): string[] {
  const folder = folderInChat(from);
  if (folder === undefined || !to.startsWith('chat/')) return [];
  const other = folderInChat(to);
  if (other === folder) return [];
  if (other === undefined) return [`${from} imports ${to}, which puts the folders together`];
  return stratumOf(other) < stratumOf(folder)
    ? []
    : [`${from} imports ${to}: ${other}/ does not lie below ${folder}/`];
}

/** The files that name a kind of conversation outside of its folder. */
const kindsNamed = (files: ReadonlyMap<string, string>): string[] =>
  [...files].flatMap(([path, text]) =>
    Object.entries(kindFolders).flatMap(([kind, home]) =>
      !home.test(path) && new RegExp(`['"]${kind}['"]|^\\s*${kind}:`, 'm').test(text)
        ? [`${path} names ${kind}`]
        : [],
    ),
  );

/** Describes an import that points up, or to a file without a layer. */
function climbs({ from, to }: Import, of: Layers): string[] {
  if (!/\.[jt]sx?$/.test(to) || to.startsWith('db/generated/')) return [];
  const names = Object.keys(of);
  const [above, below] = [layerOf(from, of), layerOf(to, of)];
  if (below < 0) return [`${to} has no layer`];
  return below < above ? [`${from} imports ${to}: ${names[above]} is below ${names[below]}`] : [];
}

const maxCodeLines = 250;
const commentLine = /^\s*(\/\*\*|\*|\/\/)/;

/** The files with too many lines of code for one main thing. Comments do not count. */
function longFiles(files: ReadonlyMap<string, string>): string[] {
  const isLong = (text: string) =>
    text.split('\n').filter((line) => !commentLine.test(line)).length - 1 > maxCodeLines;
  // A language has as many lines as there are texts.
  return [...files].flatMap(([path, text]) =>
    isLong(text) && !path.startsWith('texts/languages/') ? [path] : [],
  );
}

/** A cycle of imports, as its files. Undefined if there is none. */
function findCycle(imports: readonly Import[]): string[] | undefined {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const to of next.get(path) ?? []) {
      const cycle = visit(to, [...trail, path]);
      if (cycle) return cycle;
    }
    done.add(path);
    return undefined;
  };
  for (const path of next.keys()) {
    const cycle = visit(path, []);
    if (cycle) return cycle;
  }
  return undefined;
}

describe('the architecture', async () => {
  const files = await sources('src');
  const imports = [...files].flatMap(([path, text]) => importsOf(path, text));

  it('has a layer for every file', () => {
    expect([...files.keys()].filter((path) => layerOf(path, layers) < 0)).toEqual([]);
    expect(imports.length).toBeGreaterThan(files.size);
  });

  it('has imports that point down only', () => {
    expect(violations(imports)).toEqual([]);
  });

  it('has no cycle of imports', () => {
    expect(findCycle(imports)).toBeUndefined();
  });

  it('has a stratum for every folder of chat', () => {
    const folders = new Set([...files.keys()].flatMap((path) => folderInChat(path) ?? []));
    expect([...folders].toSorted()).toEqual(chatStrata.flat().toSorted());
  });

  it('finds an import that crosses the strata of chat', () => {
    const found = violations([
      ...importsOf('chat/people/new-users.ts', "import { join } from '../rooms/default-room.ts';"),
      ...importsOf('chat/rooms/room.ts', "import type { Desk } from '../support/desk.ts';"),
      ...importsOf('chat/messages/send.ts', "import { kinds } from '../kinds.ts';"),
      ...importsOf('chat/rooms/entry.ts', "import { send } from '../messages/send.ts';"),
      ...importsOf('chat/rooms/entry.ts', "import { banned } from './bans.ts';"),
      ...importsOf('chat/services.ts', "import { createLobby } from './presence/lobby.ts';"),
    ]);
    expect(found).toEqual([
      'chat/people/new-users.ts imports chat/rooms/default-room.ts: rooms/ does not lie below people/',
      'chat/rooms/room.ts imports chat/support/desk.ts: support/ does not lie below rooms/',
      'chat/messages/send.ts imports chat/kinds.ts, which puts the folders together',
    ]);
  });

  it('keeps no state of chat in a module', () => {
    expect(statesInModules(files)).toEqual([]);
  });

  it('finds state in a module', () => {
    const found = statesInModules(
      new Map([
        ['chat/messages/message-writer.ts', 'const writers = new WeakMap<Node, MessageWriter>();'],
        ['chat/presence/lobby.ts', 'import x from "y";\nlet lobby: Channel | undefined;'],
        ['chat/presence/presence.ts', 'const nobody: ReadonlyMap<string, string> = new Map();'],
        ['chat/rooms/rooms.ts', 'function f() {\n  const rooms = new Map();\n}'],
      ]),
    );
    expect(found).toEqual([
      'chat/messages/message-writer.ts keeps state in its module',
      'chat/presence/lobby.ts keeps state in its module',
    ]);
  });

  it('names a kind of conversation in its own folder and in the table of kinds only', () => {
    expect(kindsNamed(files)).toEqual([]);
  });

  it('finds a kind that is named elsewhere', () => {
    const found = kindsNamed(
      new Map([
        ['chat/messages/send.ts', "if (conversation.kind === 'ROOM') return;"],
        ['chat/notifications/follow-ups.ts', "`case kind when 'DIRECT' then 1 end`"],
        ['graphql/builder.ts', 'const names = {\n  SUPPORT: 1 };'],
        ['chat/direct/direct.ts', "kind: 'DIRECT'"],
        ['chat/kinds.ts', '{\n  ROOM: room,\n  SUPPORT: support }'],
      ]),
    );
    expect(found).toEqual([
      'chat/messages/send.ts names ROOM',
      'chat/notifications/follow-ups.ts names DIRECT',
      'graphql/builder.ts names SUPPORT',
    ]);
  });

  it('has no file that is too long for one main thing', () => {
    expect(longFiles(files)).toEqual([]);
  });

  it('finds a file that is too long', () => {
    const found = longFiles(
      new Map([
        ['long.ts', 'code();\n'.repeat(maxCodeLines + 1)],
        ['commented.ts', 'code();\n'.repeat(maxCodeLines) + '// comment\n'.repeat(10)],
      ]),
    );
    expect(found).toEqual(['long.ts']);
  });

  it('finds imports that point up or are forbidden', () => {
    const found = violations([
      ...importsOf('live/topic-feed.ts', "import { rooms } from '../chat/rooms/rooms.ts';"),
      ...importsOf(
        'chat/rooms/rooms.ts',
        "import type { WebSocket } from 'ws';\nexport { x } from './rooms.graphql.ts';",
      ),
      ...importsOf('db/database.ts', "import type {\n  Event,\n} from '../events/event.ts';"),
      ...importsOf(
        'server/http.ts',
        "import { openDatabase } from '../db/database.ts';\nconst pg = await import('pg');",
      ),
      ...importsOf('errors.ts', "import '../scripts/print.ts';"),
    ]);
    expect(found).toEqual([
      'live/topic-feed.ts imports chat/rooms/rooms.ts: live/ knows no room, no message and no GraphQL',
      'live/topic-feed.ts imports chat/rooms/rooms.ts: graphql and live is below chat, its rules',
      'chat/rooms/rooms.ts imports ws: rules see neither GraphQL nor sockets',
      'chat/rooms/rooms.ts imports ws: only server/ knows the transports',
      'chat/rooms/rooms.ts imports chat/rooms/rooms.graphql.ts: rules do not know their API',
      'chat/rooms/rooms.ts imports chat/rooms/rooms.graphql.ts: chat, its rules is below chat, its API',
      'db/database.ts imports events/event.ts: cluster, db and storage is below events',
      'server/http.ts imports pg: only db/ knows which database it is',
      '../scripts/print.ts has no layer',
    ]);
  });

  it('finds a cycle of imports', () => {
    const cycle = [
      ...importsOf('a.ts', "import './b.ts';"),
      ...importsOf('b.ts', "import type { C } from './deep/c.ts';"),
      ...importsOf('deep/c.ts', "export * from '../a.ts';"),
    ];
    expect(findCycle(cycle)).toEqual(['a.ts', 'b.ts', 'deep/c.ts', 'a.ts']);
    expect(findCycle(cycle.slice(0, 2))).toBeUndefined();
  });
});

/** The programs that use the public API, and the packages that they may import. */
const clients: { readonly [folder: string]: RegExp } = {
  'client/src': /^(graphql-ws|@urql\/core|@apollo\/client)(\/|$)/,
  'web/src':
    /^(@causerie\/client(\/(body|document-ids))?|@preact\/signals|preact(\/hooks)?|styles\/[\w-]+\.css)$/,
  'examples/urql/src':
    /^(@causerie\/client(\/urql)?|urql|react|react-dom\/client|@graphql-typed-document-node\/core)$/,
  'examples/apollo/src':
    /^(@causerie\/client(\/(apollo|possible-types))?|@apollo\/client(\/react)?|graphql|react|react-dom\/client|@graphql-typed-document-node\/core)$/,
};

describe.each(Object.entries(clients))('%s', async (folder, packages) => {
  const files = await sources(folder);
  const imports = [...files].flatMap(([path, text]) => importsOf(path, text));

  it('imports only its own files and the packages that it needs', () => {
    expect(foreignImports(imports, packages)).toEqual([]);
    expect(imports.length).toBeGreaterThan(0);
  });

  it('has no cycle of imports, and no file that is too long for one main thing', () => {
    expect(findCycle(imports)).toBeUndefined();
    expect(longFiles(files)).toEqual([]);
  });

  it('finds an import of another package, or from outside of its folder', () => {
    const found = foreignImports(
      [
        ...importsOf(
          'deep/a.ts',
          "import { x } from '../../../src/errors.ts';\nimport '../b.ts';\nimport type { Y } from 'ws';",
        ),
      ],
      packages,
    );
    expect(found).toEqual(['deep/a.ts imports ../../src/errors.ts', 'deep/a.ts imports ws']);
  });
});

describe('the web client', async () => {
  const imports = [...(await sources('web/src'))].flatMap(([path, text]) => importsOf(path, text));

  it('has imports that point down only, and state that does not render', () => {
    expect(imports.flatMap((one) => climbs(one, webLayers))).toEqual([]);
    expect(
      imports.filter(({ from, to }) => from.startsWith('state/') && to.startsWith('preact')),
    ).toEqual([]);
  });

  it('finds an import that points up', () => {
    const found = importsOf(
      'state/conversation.ts',
      "import { go } from '../views/rooms/room-page.tsx';",
    ).flatMap((one) => climbs(one, webLayers));
    expect(found).toEqual([
      'state/conversation.ts imports views/rooms/room-page.tsx: state is below places',
    ]);
  });
});

const foreignImports = (imports: readonly Import[], packages: RegExp): string[] =>
  imports
    .filter(({ to }) => (/\.tsx?$/.test(to) ? to.startsWith('..') : !packages.test(to)))
    .map(({ from, to }) => `${from} imports ${to}`);
