import type { Config } from '../../config.ts';
import type { Database, Transaction } from '../../db/database.ts';
import { invalid } from '../../errors.ts';
import type { Scope } from '../../scope.ts';
import { isOneLine } from '../policy/text.ts';

const prefix = 'external:';
const maxCharacters = 255;

/** Whether a text can be an external id. */
export const isExternalId = (text: string): boolean =>
  text !== '' && text.length <= maxCharacters && isOneLine(text);

/** Throws INVALID. */
export function checkExternalId(text: string): string {
  if (!isExternalId(text))
    throw invalid(
      `An externalId has 1 to ${maxCharacters} characters, without line breaks and control characters.`,
      'externalId',
    );
  return text;
}

/** Ids of this server by external id. */
type Ids = ReadonlyMap<string, string>;
type Reader = Pick<Transaction | Database['prisma'], '$queryRaw'>;

/**
 * The users whose tokens have one of these as `sub`. With JWT_ISSUER they have that issuer, or will
 * with their first token. Without it, the issuer is not known, so any counts [P14].
 */
export async function usersByExternalId(
  reader: Reader,
  { JWT_ISSUER = null }: { readonly JWT_ISSUER?: Config['JWT_ISSUER'] | null },
  externalIds: readonly string[],
): Promise<Ids> {
  const found = await reader.$queryRaw<{ externalId: string; id: string }[]>`
    select distinct on (subject) subject as "externalId", id from users
    where subject = any(${externalIds}::text[]) and deleted_at is null
      and (${JWT_ISSUER}::text is null or issuer is null or issuer = ${JWT_ISSUER})
    order by subject, issuer nulls last, id`;
  return new Map(found.map(({ externalId, id }) => [externalId, id]));
}

/**
 * The external id in an argument of a service: `external:<externalId>` stands for the id of a user
 * or a room. Undefined for other ids, and for what users pass, which is never external.
 */
export const externalIdIn = ({ service }: Scope, id: string): string | undefined =>
  service && id.startsWith(prefix) ? id.slice(prefix.length) : undefined;

/**
 * The ids that a service passed for users, with external ones replaced by those of this server. An
 * unknown one stays as it is, and is an unknown id.
 */
export async function resolveUserIds(scope: Scope, ids: readonly string[]): Promise<string[]> {
  const externalIds = ids.map((id) => externalIdIn(scope, id));
  const known = externalIds.filter((id) => id !== undefined).filter(isExternalId);
  if (known.length === 0) return [...ids];
  const { database, config } = scope.node;
  const found = await usersByExternalId(database.prisma, config, known);
  return ids.map((id, index) => found.get(externalIds[index] ?? '') ?? id);
}
