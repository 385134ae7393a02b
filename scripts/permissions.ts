import { readFile } from 'node:fs/promises';

const actors = ['nobody', 'stranger', 'guest', 'member', 'moderator', 'owner', 'admin'];

/** The rows of the test that tries every operation as every kind of viewer. */
const tested = 'test/chat/permissions.test.ts';
const row =
  /^  (?:'([^']+)'|(\w+)): \{(?:(?!^  \},?$)[\s\S])*?publicRoom: '([^']+)',?(?:\s+privateRoom: '([^']+)')?/gm;

const signs: Readonly<Record<string, string>> = { '.': '✓', '0': 'null' };
const signOf = (outcome: string): string => signs[outcome] ?? outcome;

/** The page with the permissions, from the outcomes that the test expects. */
export async function permissionsPage(): Promise<string> {
  const source = await readFile(tested, 'utf8');
  const rows = [...source.matchAll(row)].map(([, quoted, plain, publicRoom, privateRoom]) => {
    const cells = actors.map((_actor, index) => {
      const inPublic = signOf(publicRoom![index]!);
      const inPrivate = signOf((privateRoom ?? publicRoom)![index]!);
      return inPublic === inPrivate ? inPublic : `${inPublic} / ${inPrivate}`;
    });
    return `| ${[quoted ?? plain, ...cells].join(' | ')} |`;
  });
  const expected = source.split(/publicRoom: '/).length - 1;
  if (rows.length !== expected)
    throw new Error(`${tested} has ${expected} rows, but ${rows.length} of them can be read`);
  return `# Permissions

Written by \`npm run print\` from \`${tested}\`, which calls each operation as each kind of user.

- *nobody* has no token. *Stranger*, *guest* and *admin* are not members of the room; *member*, *moderator* and *owner* are.
- ✓ is success, and *null* an answer without the object. **U** is \`UNAUTHENTICATED\`, **F** is \`FORBIDDEN\`, **N** is \`NOT_FOUND\`, **I** is \`INVALID\`, **C** is \`CONFLICT\`.
- Two signs stand for a public and a private room: \`✓ / N\` means allowed in a public room, and \`NOT_FOUND\` in a private one.
- Backends call the operations that [their scopes](backend.md#service-tokens) permit.

| Operation | ${actors.join(' | ')} |
| --- |${' --- |'.repeat(actors.length)}
${rows.join('\n')}
`;
}
