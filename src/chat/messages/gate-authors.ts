import type { RunStatement } from '../../db/statements.ts';
import { createSharedRead, type SharedRead } from '../../loaders.ts';

/** The details of an author in a question that the viewer of a request lacks. */
interface AuthorDetails {
  /** The id in the application. */
  readonly externalId: string | null;
  readonly displayName: string;
}

/** By the id of the user. One statement reads the authors of all questions of a moment. */
export type GateAuthors = SharedRead<string, AuthorDetails>;

export function createGateAuthors(query: RunStatement): GateAuthors {
  return createSharedRead(async (ids) => {
    const found = await query<AuthorDetails & { readonly id: string }>(statement, [
      [...new Set(ids)],
    ]);
    const authors = new Map(found.map(({ id, ...author }) => [id, author]));
    return ids.map((id) => authors.get(id) ?? { externalId: null, displayName: '' });
  });
}

const statement = {
  name: 'gate authors',
  text: 'select id, subject as "externalId", display_name as "displayName" from users where id = any($1::uuid[])',
};
