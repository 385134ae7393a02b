import type { RunStatement } from '../../db/statements.ts';
import { createSharedRead, type SharedRead } from '../../loaders.ts';

/** The part of a message's author that the viewer of a request lacks. */
export interface GatedAuthor {
  /** The id in the application. */
  readonly externalId: string | null;
  readonly displayName: string;
}

/** By the id of the user. Authors of questions of the same moment are read by one statement. */
export function createGatedAuthors(query: RunStatement): SharedRead<string, GatedAuthor> {
  return createSharedRead(async (ids) => {
    const found = await query<GatedAuthor & { readonly id: string }>(statement, [
      [...new Set(ids)],
    ]);
    const authors = new Map(found.map(({ id, ...author }) => [id, author]));
    return ids.map((id) => authors.get(id) ?? { externalId: null, displayName: '' });
  });
}

const statement = {
  name: 'gated authors',
  text: 'select id, subject as "externalId", display_name as "displayName" from users where id = any($1::uuid[])',
};
