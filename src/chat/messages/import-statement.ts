import type { Transaction } from '../../db/database.ts';
import type { JsonObject } from '../policy/json.ts';
import { importedFields, type ImportedField, type StoredMessage } from './message-fields.ts';

/** An imported message, with what the import statement cannot know. */
export interface ImportedRow extends Readonly<
  Omit<Pick<StoredMessage, ImportedField>, 'metadata' | 'fingerprint'>
> {
  readonly metadata: JsonObject;
}

const columns = importedFields.map(({ column }) => column).join(', ');
const types = importedFields.map(({ column, type }) => `${column} ${type}`).join(', ');

/**
 * Stores imported messages. The caller has locked the conversation, and raised its number by them.
 */
export const storeImported = (
  transaction: Transaction,
  rows: readonly ImportedRow[],
): Promise<number> =>
  transaction.$executeRawUnsafe(
    `insert into messages (${columns}) select ${columns} from json_to_recordset($1::json) as imported (${types})`,
    JSON.stringify(
      rows.map((row) =>
        Object.fromEntries(
          importedFields.map(({ name, column }) => {
            const value = row[name as keyof ImportedRow];
            return [column, typeof value === 'bigint' ? Number(value) : value];
          }),
        ),
      ),
    ),
  );

/** Notes that messages do not count as unread: see `ImportedRange`. Adjacent ranges become one. */
export const storeRange = (
  transaction: Transaction,
  conversationId: string,
  { fromSeq, toSeq }: { readonly fromSeq: number; readonly toSeq: number },
): Promise<number> =>
  transaction.$executeRaw`
    with extended as (
      update imported_ranges set to_seq = ${toSeq}::int
      where conversation_id = ${conversationId}::uuid and to_seq = ${fromSeq}::int - 1 returning 1)
    insert into imported_ranges (conversation_id, from_seq, to_seq)
    select ${conversationId}::uuid, ${fromSeq}::int, ${toSeq}::int where not exists (select from extended)`;
