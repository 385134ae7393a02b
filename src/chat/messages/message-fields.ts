import type { Message } from '../../db/generated/client.ts';

/** A row of `messages`, with the columns of types that Prisma does not support. */
export interface StoredMessage extends Message {
  /** See `tsvectorOf`. */
  words: string | null;
}

/** How the rules treat one field of a stored message. Omitted properties mean no. */
interface MessageField {
  readonly column: string;
  /** The column's type in PostgreSQL. */
  readonly type: string;
  /**
   * How a send fills the column: with a value of the send, or with a value that the send statement
   * computes in `numbered`. An import fills these columns, and those that it alone fills. Omitted:
   * the column starts with its default.
   */
  readonly insert?: 'sent' | 'computed' | 'imported';
  /** A send under the same key repeats the first one only if it has the same value [P6]. */
  readonly isCompared?: true;
  /** Part of a MessageRow, which rules, events and the API use. */
  readonly isShown?: true;
  /** Part of the data that authors export. */
  readonly isExported?: true;
  /** The value after a deletion, in SQL [P17]. Omitted: the value stays. */
  readonly erased?: string;
}

/**
 * Every field of a message. A new field is one line here, besides its column in the Prisma schema
 * and its field in the API: the send statement, the reading of rows, the export and the deletion
 * all follow this list. A comparison of repeats ignores a field that `erased` or an edit may have
 * changed once the message has a fingerprint.
 */
const messageFields = {
  id: { column: 'id', type: 'uuid', insert: 'sent', isShown: true, isExported: true },
  conversationId: {
    column: 'conversation_id',
    type: 'uuid',
    insert: 'sent',
    isShown: true,
    isExported: true,
  },
  seq: { column: 'seq', type: 'int', insert: 'computed', isShown: true, isExported: true },
  eventSeq: { column: 'event_seq', type: 'bigint', insert: 'computed' },
  authorId: { column: 'author_id', type: 'uuid', insert: 'sent', isShown: true },
  body: {
    column: 'body',
    type: 'text',
    insert: 'sent',
    isCompared: true,
    isShown: true,
    isExported: true,
    erased: 'null',
  },
  createdAt: {
    column: 'created_at',
    type: 'timestamptz',
    insert: 'computed',
    isShown: true,
    isExported: true,
  },
  replyToId: {
    column: 'reply_to_id',
    type: 'uuid',
    insert: 'sent',
    isCompared: true,
    isShown: true,
    isExported: true,
  },
  mentionedUserIds: {
    column: 'mentioned_user_ids',
    type: 'uuid[]',
    insert: 'computed',
    isShown: true,
    erased: `'{}'`,
  },
  idempotencyKey: { column: 'idempotency_key', type: 'text', insert: 'sent' },
  editedAt: { column: 'edited_at', type: 'timestamptz', isShown: true, isExported: true },
  deletedAt: {
    column: 'deleted_at',
    type: 'timestamptz',
    isShown: true,
    isExported: true,
    erased: 'clock_timestamp()',
  },
  hiddenFromId: { column: 'hidden_from_id', type: 'uuid', insert: 'sent', isShown: true },
  pinnedAt: {
    column: 'pinned_at',
    type: 'timestamptz',
    isShown: true,
    isExported: true,
    erased: 'null',
  },
  attachmentIds: {
    column: 'attachment_ids',
    type: 'uuid[]',
    insert: 'sent',
    isCompared: true,
    isShown: true,
    isExported: true,
    erased: `'{}'`,
  },
  fingerprint: { column: 'fingerprint', type: 'text', insert: 'sent' },
  words: { column: 'words', type: 'tsvector', insert: 'sent', erased: 'null' },
  kind: {
    column: 'kind',
    type: '"MessageKind"',
    insert: 'sent',
    isCompared: true,
    isShown: true,
    isExported: true,
  },
  metadata: {
    column: 'metadata',
    type: 'jsonb',
    insert: 'sent',
    isCompared: true,
    isShown: true,
    isExported: true,
    erased: `'{}'`,
  },
  externalId: {
    column: 'external_id',
    type: 'text',
    insert: 'imported',
    isShown: true,
    isExported: true,
  },
  sentBy: { column: 'sent_by', type: 'text', insert: 'sent', isShown: true, isExported: true },
  importedAt: {
    column: 'imported_at',
    type: 'timestamptz',
    insert: 'imported',
    isShown: true,
    isExported: true,
  },
} as const satisfies { readonly [name in keyof StoredMessage]: MessageField };

type Fields = typeof messageFields;
type FieldWith<Property extends object> = {
  [name in keyof Fields]: Fields[name] extends Property ? name : never;
}[keyof Fields];
export type SentField = FieldWith<{ insert: 'sent' }>;
export type ShownField = FieldWith<{ isShown: true }>;
type ExportedField = FieldWith<{ isExported: true }>;
export type ImportedField = FieldWith<{ insert: string }>;

const fields = Object.entries<MessageField>(messageFields).map(([name, field]) => ({
  name,
  ...field,
}));
type NamedField = (typeof fields)[number];

export const sentFields = fields.filter(({ insert }) => insert === 'sent');
export const computedFields = fields.filter(({ insert }) => insert === 'computed');
export const importedFields = fields.filter(({ insert }) => insert !== undefined);
export const insertedFields = importedFields.filter(({ insert }) => insert !== 'imported');
export const comparedFields = fields.filter(({ isCompared }) => isCompared);
export const shownFields = fields.filter(({ isShown }) => isShown);
const exportedFields = fields.filter(({ isExported }) => isExported);

const selectOf = <Name extends string>(selected: readonly NamedField[]) =>
  Object.fromEntries(selected.map(({ name }) => [name, true])) as { readonly [name in Name]: true };

/** For Prisma: the fields of a MessageRow, and those of an export. */
export const messageSelect = selectOf<ShownField>(shownFields);
export const exportedMessageSelect = selectOf<ExportedField>(exportedFields);

/** The fields of a MessageRow as columns of `messages`, for SQL of our own. */
export const messageColumns = shownFields
  .map(({ name, column }) => `messages.${column} as "${name}"`)
  .join(', ');

/** The assignments of an SQL `update` that deletes the content of a message. */
export const erasingAssignments = fields
  .filter(({ erased }) => erased !== undefined)
  .map(({ column, erased }) => `${column} = ${erased}`)
  .join(', ');

/** An SQL expression: fields of the row `alias` as a JSON object, with times in ms since 1970. */
export function toJson(alias: string, of: readonly NamedField[]): string {
  const entries = of.map(({ name, column, type }) => {
    const value = `${alias}.${column}`;
    return `'${name}', ${type === 'timestamptz' ? `extract(epoch from ${value}) * 1000` : value}`;
  });
  return `json_build_object(${entries.join(', ')})`;
}

/** The reverse of `toJson`, for the fields that the object has. */
export function fromJson(json: { readonly [name: string]: unknown }): Record<string, unknown> {
  const isTime = (name: string) =>
    (messageFields as Record<string, MessageField>)[name]?.type === 'timestamptz';
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [
      name,
      isTime(name) && value !== null ? new Date(value as number) : value,
    ]),
  );
}
