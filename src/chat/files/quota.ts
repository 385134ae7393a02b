import type { Node } from '../../scope.ts';
import type { Description } from './describe-content.ts';
import type { FileRow } from './file-rows.ts';

type NewFile = Pick<
  FileRow,
  'id' | 'ownerId' | 'store' | 'fileName' | 'contentType' | 'sizeBytes' | 'partBytes'
>;

const reserve = {
  name: 'reserve-file',
  text: `
    with usage as (
      insert into file_usage (user_id, bytes) select $2::uuid, $6::int where $6::int <= $8::bigint
      on conflict (user_id) do update set bytes = file_usage.bytes + excluded.bytes
      where file_usage.bytes + excluded.bytes <= $8::bigint
      returning 1)
    insert into files (id, owner_id, store, file_name, content_type, size_bytes, part_bytes, expires_at)
    select $1::uuid, $2::uuid, $3, $4, $5, $6::int, $7::int, now() + $9::float8 * interval '1 ms' from usage
    returning 1`,
};

const remove = {
  name: 'remove-files',
  text: `
    with gone as (delete from files where id = any($1::uuid[]) and expires_at <= now() returning owner_id, size_bytes),
      freed as (select owner_id, sum(size_bytes) as bytes from gone group by owner_id order by owner_id)
    update file_usage set bytes = greatest(0, file_usage.bytes - freed.bytes) from freed where user_id = owner_id`,
};

/**
 * Stores the row of a new file, if the quota of its owner allows it. Returns whether it does. The
 * row of the usage is locked until the commit, so uploads at the same moment cannot exceed it.
 */
export async function reserveFile({ database, config }: Node, file: NewFile): Promise<boolean> {
  const rows = await database.query(reserve, [
    file.id,
    file.ownerId,
    file.store,
    file.fileName,
    file.contentType,
    file.sizeBytes,
    file.partBytes,
    config.ATTACHMENT_QUOTA_BYTES,
    config.limits.unsentFileMs,
  ]);
  return rows.length > 0;
}

/**
 * Stores that an upload is complete. If its bytes were replaced by others, the quota follows.
 * Undefined if it was completed or has expired meanwhile.
 */
export const storeDescription = (
  { database, config }: Node,
  { id, ownerId, sizeBytes }: FileRow,
  description: Description,
): Promise<FileRow | undefined> =>
  database.prisma.$transaction(async (transaction) => {
    const now = new Date();
    const [completed] = await transaction.file.updateManyAndReturn({
      where: { id, completedAt: null, expiresAt: { gt: now } },
      data: {
        ...description,
        completedAt: now,
        expiresAt: new Date(now.getTime() + config.limits.unsentFileMs),
      },
    });
    const more = (completed?.sizeBytes ?? sizeBytes) - sizeBytes;
    if (more !== 0)
      await transaction.fileUsage.update({
        where: { userId: ownerId },
        data: { bytes: { increment: more } },
      });
    return completed;
  });

/** Deletes the rows of files that have expired, and gives their bytes back to the quota. */
export async function removeFiles({ database }: Node, ids: readonly string[]): Promise<void> {
  await database.query(remove, [ids]);
}
