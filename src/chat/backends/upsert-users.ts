import type { Transaction } from '../../db/database.ts';
import type { Prisma } from '../../db/generated/client.ts';
import { conflict, unavailable } from '../../errors.ts';
import { transact, type RecordEvent } from '../../events/transactions.ts';
import type { Scope } from '../../scope.ts';
import { isAdminName } from '../people/admins.ts';
import { usersByExternalId } from '../people/external-ids.ts';
import {
  checkAvatarUrl,
  checkDisplayName,
  checkUsername,
  refuseReservedUsername,
} from '../people/names.ts';
import { usernamesFor } from '../people/outside-users.ts';
import {
  recordUserUpdate,
  userColumns,
  usernameTaken,
  users,
  type UserRow,
} from '../people/users.ts';
import { checkJson, type JsonObject } from '../policy/json.ts';
import { startServiceCall } from '../policy/service-calls.ts';
import { filterWords, refuseWords } from '../policy/word-filter.ts';
import { checkItems, isTaken } from './upserts.ts';

/** A user of the application. Omitted fields keep their value. */
export interface UserUpsert {
  readonly externalId: string;
  readonly username?: string | null;
  readonly displayName?: string | null;
  /** Null removes it. */
  readonly avatarUrl?: string | null;
  readonly isBot?: boolean | null;
  readonly metadata?: JsonObject | null;
}

/**
 * Creates the users that the application has and this server does not, and updates the others: all
 * of them or none. Returns them in the order given. The users are those who come with tokens of the
 * application with this `sub`. CONFLICT if another user has a username. For services.
 */
export async function upsertUsers(
  scope: Scope,
  items: readonly UserUpsert[],
): Promise<{ users: UserRow[]; createdCount: number }> {
  const { node } = scope;
  const targets = items.map(({ externalId }) => externalId);
  await startServiceCall(scope, 'users', { action: 'upsertUsers', targets });
  const wanted = checkItems(items, 'users', (item) => checkUser(scope, item));
  const upsert = transact(node, async (transaction, record) => {
    const known = await usersByExternalId(transaction, node.config, targets);
    const created = await createUsers(
      scope,
      transaction,
      record,
      wanted.filter(({ externalId }) => !known.has(externalId)),
    );
    // Read again: another call may have created some of the users meanwhile.
    const ids = await usersByExternalId(transaction, node.config, targets);
    const isNew = new Set(created.map(({ id }) => id));
    const updated = await updateUsers(
      transaction,
      wanted
        .map((user) => ({ ...user, id: ids.get(user.externalId)! }))
        .filter(({ id }) => !isNew.has(id)),
    );
    const rows = await transaction.user.findMany({
      where: { id: { in: [...ids.values()] } },
      select: userColumns,
    });
    const rowOf = new Map(rows.map((row) => [row.id, row]));
    for (const { id } of updated) recordUserUpdate(record, rowOf.get(id)!);
    return {
      users: targets.map((target) => rowOf.get(ids.get(target)!)!),
      createdCount: created.length,
    };
  });
  const upserted = await upsert.catch((error: unknown) => {
    throw isTaken(error)
      ? conflict('Another user has one of these usernames. Choose another username.')
      : error;
  });
  for (const user of upserted.users) users.prime(scope, user.id, user);
  return upserted;
}

type Wanted = ReturnType<typeof checkUser>;

function checkUser(
  scope: Scope,
  { externalId, username, displayName, avatarUrl, isBot, metadata }: UserUpsert,
) {
  return {
    externalId,
    username: username == null ? undefined : checkNewUsername(scope, username),
    displayName:
      displayName == null
        ? undefined
        : filterWords(scope, checkDisplayName(displayName), 'displayName'),
    avatarUrl: avatarUrl == null ? avatarUrl : checkAvatarUrl(avatarUrl),
    isBot: isBot ?? undefined,
    metadata: metadata == null ? undefined : checkJson(metadata, 'metadata'),
  };
}

function checkNewUsername(scope: Scope, text: string): string {
  const username = checkUsername(text);
  refuseReservedUsername(username);
  if (isAdminName(scope.node.config, username)) throw usernameTaken(username);
  return refuseWords(scope, username, 'username');
}

/**
 * Users without a username get one that follows from their external id, with a random end if it is
 * taken. Users whom another call creates at the same time are missing from the result.
 */
async function createUsers(
  scope: Scope,
  transaction: Transaction,
  record: RecordEvent,
  wanted: readonly Wanted[],
): Promise<UserRow[]> {
  const created: UserRow[] = [];
  let missing = wanted.map((user) => ({
    ...user,
    usernames: user.username
      ? [user.username].values()
      : usernamesFor(scope, { sub: user.externalId }),
  }));
  while (missing.length > 0) {
    const added = await transaction.user.createManyAndReturn({
      data: missing.map((user) => rowOf(scope, user, nextUsername(user))),
      skipDuplicates: true,
      select: userColumns,
    });
    created.push(...added);
    const externalIds = missing.map(({ externalId }) => externalId);
    const known = await usersByExternalId(transaction, scope.node.config, externalIds);
    missing = missing.filter(({ externalId }) => !known.has(externalId));
  }
  if (created.length > 0) await scope.node.services.welcome(scope, transaction, record, created);
  return created;
}

function nextUsername({
  username,
  usernames,
}: Wanted & { readonly usernames: Iterator<string> }): string {
  const next = usernames.next();
  if (!next.done) return next.value;
  throw username === undefined
    ? unavailable('We could not find a free username for a user. Try again.')
    : usernameTaken(username);
}

function rowOf(
  { node: { config } }: Scope,
  { externalId, displayName, avatarUrl, isBot, metadata }: Wanted,
  username: string,
): Prisma.UserCreateManyInput {
  return {
    username,
    displayName: displayName ?? username,
    avatarUrl,
    isBot,
    metadata: metadata as Prisma.InputJsonObject | undefined,
    subject: externalId,
    // Null: the user's first token decides.
    issuer: config.JWT_ISSUER ?? null,
  };
}

/** Writes the rows that change, in the order of their ids, and returns those. */
const updateUsers = (
  transaction: Transaction,
  wanted: readonly (Wanted & { readonly id: string })[],
): Promise<{ id: string }[]> =>
  transaction.$queryRaw`
    with wanted as (
      select users.id, coalesce(item.username, users.username) as username,
        coalesce(item.display_name, users.display_name) as display_name,
        case when item.sets_avatar then item.avatar_url else users.avatar_url end as avatar_url,
        coalesce(item.is_bot, users.is_bot) as is_bot, coalesce(item.metadata, users.metadata) as metadata
      from jsonb_to_recordset(${JSON.stringify(
        wanted.map(({ id, username, displayName, avatarUrl, isBot, metadata }) => ({
          id,
          username,
          display_name: displayName,
          sets_avatar: avatarUrl !== undefined,
          avatar_url: avatarUrl,
          is_bot: isBot,
          metadata,
        })),
      )}::jsonb) as item (id uuid, username text, display_name text, sets_avatar boolean, avatar_url text, is_bot boolean, metadata jsonb)
        join users using (id)
      order by users.id for no key update of users)
    update users set username = wanted.username, display_name = wanted.display_name, avatar_url = wanted.avatar_url, is_bot = wanted.is_bot, metadata = wanted.metadata
    from wanted where users.id = wanted.id
      and (users.username, users.display_name, users.avatar_url, users.is_bot, users.metadata)
        is distinct from (wanted.username, wanted.display_name, wanted.avatar_url, wanted.is_bot, wanted.metadata)
    returning users.id`;
