import type { Database } from '../../db/database.ts';
import type { Conversation, Member } from '../../db/generated/client.ts';
import { memberKey } from '../../events/facts.ts';
import { createSharedRead, type SharedRead } from '../../loaders.ts';

/** Reads of rows that many viewers need at the same moment: one statement reads them for all. */
export interface ConversationReads {
  /** By the id of the conversation, in lower case. */
  readonly conversation: SharedRead<string, Conversation | null>;
  /** By `memberKey`. */
  readonly member: SharedRead<string, Member | null>;
}

declare module '../../scope.ts' {
  interface Services {
    readonly conversationReads: ConversationReads;
  }
}

export function createConversationReads(database: Database): ConversationReads {
  return {
    conversation: createSharedRead(async (ids) => {
      const found = await database.prisma.conversation.findMany({
        where: { id: { in: [...new Set(ids)] } },
      });
      const rows = new Map(found.map((conversation) => [conversation.id, conversation]));
      return ids.map((id) => rows.get(id) ?? null);
    }),
    member: createSharedRead(async (keys) => {
      const pairs = [...new Set(keys)].map((key) => key.split(' '));
      const found = await database.query<Member>(membersStatement, [
        pairs.map(([conversationId]) => conversationId),
        pairs.map(([, userId]) => userId),
      ]);
      const rows = new Map(
        found.map((member) => [memberKey(member.conversationId, member.userId), member]),
      );
      return keys.map((key) => rows.get(key) ?? null);
    }),
  };
}

const memberColumns = {
  conversationId: 'conversation_id',
  userId: 'user_id',
  role: 'role',
  joinedAt: 'joined_at',
  lastReadSeq: 'last_read_seq',
  mutedUntil: 'muted_until',
  lastSentAt: 'last_sent_at',
  notifiedSeq: 'notified_seq',
  metadata: 'metadata',
} satisfies Record<keyof Member, string>;

/** By pairs, so that one statement serves many members of one room and many rooms of one member. */
const membersStatement = {
  name: 'members',
  text: `select ${Object.entries(memberColumns)
    .map(([field, column]) => `members.${column} as "${field}"`)
    .join(', ')}
    from unnest($1::uuid[], $2::uuid[]) as wanted (conversation_id, user_id) join members using (conversation_id, user_id)`,
};
