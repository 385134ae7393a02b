import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kind } from '../../src/chat/conversations/kinds.ts';
import { createConversationReads } from '../../src/chat/conversations/shared-reads.ts';
import { directConversationId } from '../../src/chat/direct/direct-conversations.ts';
import { kinds } from '../../src/chat/kinds.ts';
import { supportConversationId } from '../../src/chat/support/support-conversations.ts';
import type { Conversation, Prisma } from '../../src/db/generated/client.ts';
import { Refusal } from '../../src/errors.ts';
import type { Node, Scope } from '../../src/scope.ts';
import { freshDatabase } from '../support/start-node.ts';
import { openWritingNode, type WritingNode } from '../support/writing.ts';

const [ann, bob, admin] = [randomUUID(), randomUUID(), randomUUID()];
const [lesserUserId, greaterUserId] = [ann, bob].toSorted();
const examples: {
  readonly [name in keyof typeof kinds]: readonly Prisma.ConversationCreateManyInput[];
} = {
  ROOM: [
    { kind: 'ROOM', visibility: 'PUBLIC', name: 'Public' },
    { kind: 'ROOM', visibility: 'PRIVATE', name: 'Private' },
  ],
  DIRECT: [{ id: directConversationId(ann, bob), kind: 'DIRECT', lesserUserId, greaterUserId }],
  SUPPORT: [{ id: supportConversationId(ann), kind: 'SUPPORT', customerId: ann }],
};

let node: WritingNode;
const conversations = new Map<string, Conversation[]>();
beforeAll(async () => {
  node = await openWritingNode(await freshDatabase(), 1);
  const { prisma } = node.database;
  await prisma.user.createMany({
    data: [ann, bob, admin].map((id) => ({
      id,
      username: id.slice(0, 8),
      displayName: 'Somebody',
      role: id === admin ? ('ADMIN' as const) : ('USER' as const),
    })),
  });
  for (const [name, data] of Object.entries(examples))
    conversations.set(name, await prisma.conversation.createManyAndReturn({ data: [...data] }));
});
afterAll(() => node[Symbol.asyncDispose]());

describe.each(Object.entries(kinds))('the kind %s', (name, kind) => {
  /** The value of an expression for a conversation. */
  async function evaluate(sql: string | undefined, id: string): Promise<unknown> {
    const [row] = await node.database.query<{ value: unknown }>(
      { name: '', text: `select ${sql ?? 'null'} as value from conversations where id = $1::uuid` },
      [id],
    );
    return row!.value;
  }

  const viewers = [
    { id: bob, role: 'USER' },
    { id: admin, role: 'ADMIN' },
  ] as const;

  /** The access of a viewer without a membership, by the functions of the kind and in SQL. */
  async function answers(of: Kind, conversation: Conversation, viewer: (typeof viewers)[number]) {
    const { database } = node;
    const services = { kinds, conversationReads: createConversationReads(database) };
    const scope: Scope = {
      node: { database, services } as Node,
      viewer: { ...viewer, username: 'viewer', isGuest: false, isBot: false, sessionId: undefined },
      requestId: 'test',
      address: '',
    };
    const isOpen = await of.isOpenTo(scope, conversation);
    const standsIn = await of.standIn(scope, conversation).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Refusal) return false;
        throw error;
      },
    );
    const isAdmin = String(viewer.role === 'ADMIN');
    const ask = async (sql: string | undefined) => (await evaluate(sql, conversation.id)) === true;
    return {
      expected: { isOpen, standsIn: isOpen && standsIn },
      stored: {
        isOpen: await ask(of.sql.isOpen?.(isAdmin)),
        standsIn: await ask(of.sql.standsIn?.(isAdmin)),
      },
    };
  }

  it('has the same topics in SQL as by its function, and ids that show whether it has any', async () => {
    for (const conversation of conversations.get(name)!) {
      const otherTopics = kind.otherTopics?.(conversation) ?? null;
      expect(await evaluate(kind.sql.otherTopics, conversation.id)).toEqual(otherTopics);
      expect(conversation.id[14] === '5').toBe(otherTopics !== null);
    }
  });

  it('is open to the same viewers in SQL as by its functions', async () => {
    for (const conversation of conversations.get(name)!)
      for (const viewer of viewers) {
        const { expected, stored } = await answers(kind, conversation, viewer);
        expect(stored, `${conversation.name} ${viewer.role}`).toEqual(expected);
      }
  });

  it('is found if SQL and functions differ', async () => {
    const torn: Kind = {
      ...kind,
      sql: {
        ...kind.sql,
        isOpen: (isAdmin) => `not coalesce(${kind.sql.isOpen?.(isAdmin) ?? 'false'}, false)`,
      },
    };
    const { expected, stored } = await answers(torn, conversations.get(name)![0]!, viewers[0]);
    expect(stored).not.toEqual(expected);
  });
});
