import { requireViewer, type Scope } from '../../scope.ts';
import type { JsonObject } from '../policy/json.ts';
import type { GateAuthors } from './gate-authors.ts';
import type { GatedConversation } from './gated-conversation.ts';

/** The part of a message that the gate may rewrite. */
export interface GatedContent {
  readonly body: string;
  readonly metadata: JsonObject;
}

/** A message that the viewer wants to store, or an edit of it. */
export interface GateQuestion extends GatedContent {
  readonly type: 'BeforeMessageSent' | 'BeforeMessageEdited';
  /** Null for a new message. */
  readonly id: string | null;
  readonly replyToId: string | null;
  readonly attachmentIds: readonly string[];
  readonly conversation: GatedConversation;
}

interface GateAuthor {
  readonly id: string;
  readonly externalId: string | null;
  readonly username: string;
  readonly displayName: string;
  readonly isGuest: boolean;
  readonly isBot: boolean;
}

/** The question as the gate receives it. */
export async function questionText(
  scope: Scope,
  authors: GateAuthors,
  question: GateQuestion,
): Promise<string> {
  const { type, attachmentIds, ...message } = question;
  const [author, attachments] = await Promise.all([
    authorOf(scope, authors),
    attachmentsOf(scope, attachmentIds),
  ]);
  return textOf(type, { ...message, attachments, author });
}

/** A question about a message that nobody sent, which shows whether the gate answers. */
export const probeText = (): string =>
  textOf('Probe', {
    id: null,
    body: 'probe',
    metadata: {},
    replyToId: null,
    attachments: [],
    author: {
      id: nobody,
      externalId: null,
      username: 'probe',
      displayName: 'probe',
      isGuest: false,
      isBot: false,
    },
    conversation: {
      type: 'Room',
      id: nobody,
      externalId: null,
      name: 'probe',
      topic: null,
      visibility: 'PUBLIC',
      metadata: {},
    },
  });

const nobody = '00000000-0000-0000-0000-000000000000';

/** The names are those of webhooks. */
const textOf = (
  type: GateQuestion['type'] | 'Probe',
  message: Omit<GateQuestion, 'type' | 'attachmentIds'> & {
    readonly attachments: readonly object[];
    readonly author: GateAuthor;
  },
): string =>
  JSON.stringify({
    type,
    timestamp: new Date().toISOString(),
    data: { conversationId: message.conversation.id, message },
  });

async function authorOf(scope: Scope, authors: GateAuthors): Promise<GateAuthor> {
  const { id, username, isGuest, isBot } = requireViewer(scope);
  const { externalId, displayName } = await authors(id);
  return { id, externalId, username, displayName, isGuest, isBot };
}

/** The viewer's files among these. Others are refused when the message is stored. */
async function attachmentsOf(scope: Scope, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const found = await scope.node.database.prisma.file.findMany({
    where: { id: { in: [...ids] }, ownerId: requireViewer(scope).id },
    select: { id: true, fileName: true, contentType: true, sizeBytes: true },
  });
  return found.toSorted((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id));
}
