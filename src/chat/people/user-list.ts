import { z } from 'zod';
import { createParameters, type AddParameter } from '../../db/parameters.ts';
import { containing, searchPartsOf, startingWith } from '../../db/search-parts.ts';
import { invalid } from '../../errors.ts';
import { readPage, type PageArguments, type PageBounds } from '../../graphql/pages.ts';
import { requireViewer, type Scope, type Viewer } from '../../scope.ts';
import { spend } from '../policy/allowances.ts';
import { isOneLine, nameKeyOf, normalForm } from '../policy/text.ts';
import { normaliseUsername } from './names.ts';
import { users, type UserRow } from './users.ts';

/**
 * Users whose username starts with the text or whose display name contains it, sorted by username,
 * without guests. The setting USER_DIRECTORY narrows the list, except for admins.
 */
export async function searchUsers(
  scope: Scope,
  { search, ...page }: PageArguments & { search?: string | null },
) {
  const viewer = requireViewer(scope);
  const text = search ? parseSearch(search) : '';
  if (search) await spend(scope, 'find');
  return readPage(scope, page, {
    keys: z.string().refine((name) => normaliseUsername(name) === name),
    keyOf: (user: UserRow) => user.username,
    async read(bounds) {
      const ids = await findUsers(scope, viewer, text, bounds);
      const found = await Promise.all(ids.map((id) => users.load(scope, id)));
      return found.filter((user) => user !== null);
    },
  });
}

function parseSearch(search: string): string {
  const text = normalForm(search);
  if (text.length > 64 || !isOneLine(text))
    throw invalid(
      'A search text has at most 64 characters and no control characters or line breaks.',
      'search',
    );
  return text.toLowerCase();
}

/** The number of users that a search looks at by name before it looks up parts of the text. */
const nextUsers = 1000;

/**
 * A search first looks at the next users by name, which finds a page of a common text. If that is
 * not enough, it looks up the parts of the text, which finds a rare one. The statement is not
 * prepared, so that the planner knows the limit. What the indexes have as their condition or
 * expression is a literal: no parameter matches it.
 */
async function findUsers(
  { node: { config, database } }: Scope,
  viewer: Viewer,
  text: string,
  { after, before, limit, inverted }: PageBounds<string>,
): Promise<string[]> {
  const directory = viewer.role === 'ADMIN' ? 'everyone' : config.USER_DIRECTORY;
  const order = `order by username ${inverted ? 'desc' : 'asc'}`;

  async function run(source: 'all' | 'next' | 'parts'): Promise<string[]> {
    const { values, add } = createParameters();
    const listed = ['not is_guest and deleted_at is null'];
    const bounds: string[] = [];
    if (after !== undefined) bounds.push(`username > ${add(after, 'text')}`);
    if (before !== undefined) bounds.push(`username < ${add(before, 'text')}`);
    const found: string[] = [];
    if (text)
      found.push(
        `(username like ${add(startingWith(text), 'text')} or lower(display_name) like ${add(containing(text), 'text')})`,
      );
    const isExact = () => `username = ${add(normaliseUsername(text) ?? '', 'text')}`;
    if (directory === 'off') listed.push(isExact());
    if (directory === 'contacts')
      found.push(`(${isExact()} or ${isContactOf(viewer, nameKeyOf(config.DEFAULT_ROOM), add)})`);
    const sources = {
      all: () => `where ${[...listed, ...bounds].join(' and ')}`,
      next: () => `where ${[...listed, ...bounds].join(' and ')} ${order} limit ${nextUsers}`,
      // The offset keeps the planner from reading users in their order instead.
      parts: () => {
        found.push(...bounds);
        return `where ${listed.join(' and ')} and ${parts} @> ${add(searchPartsOf(text), 'text[]')} offset 0`;
      },
    };
    const rows = await database.prisma.$queryRawUnsafe<{ id: string }[]>(
      `select id from (select id, username, display_name from users ${sources[source]()}) as users
       ${found.length > 0 ? `where ${found.join(' and ')}` : ''} ${order} limit ${add(limit, 'int')}`,
      ...values,
    );
    return rows.map(({ id }) => id);
  }

  if (!text || directory === 'off') return run('all');
  const next = await run('next');
  return next.length === limit ? next : run('parts');
}

const parts = String.raw`search_parts(lower(username || E'\n' || display_name))`;

/** Every user joins the default room, so it makes nobody a contact. */
const isContactOf = (viewer: Viewer, defaultRoom: string, add: AddParameter): string => `exists (
  select from members as theirs join members as mine on mine.conversation_id = theirs.conversation_id
    join conversations on conversations.id = theirs.conversation_id
  where theirs.user_id = users.id and mine.user_id = ${add(viewer.id, 'uuid')}
    and (visibility is null or visibility = 'PRIVATE' or name_key <> ${add(defaultRoom, 'text')}))`;
