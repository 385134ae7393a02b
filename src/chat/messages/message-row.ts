import type { Message } from '../../db/generated/client.ts';
import { createRowLoader } from '../../loaders.ts';
import { messageSelect, type ShownField } from './message-fields.ts';

/** A message. `body` is null after its deletion. */
export type MessageRow = { readonly [name in ShownField]: ReadOnly<Message[name]> };

/** A row from a node of an earlier version lacks them. */
export const attachmentIdsOf = ({
  attachmentIds,
}: {
  readonly attachmentIds?: readonly string[] | null;
}): readonly string[] => attachmentIds ?? [];

type ReadOnly<Value> = Value extends (infer Item)[] ? readonly Item[] : Value;

declare module '../../events/facts.ts' {
  interface FactRows {
    readonly message: MessageRow;
  }
}

/** The row, without a check of permission: that is the task of access.ts. */
export const messageById = createRowLoader<MessageRow>(
  ({ message }) => message,
  ({ node }, ids) =>
    node.database.prisma.message.findMany({ where: { id: { in: ids } }, select: messageSelect }),
);
