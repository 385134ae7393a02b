import type { Config } from '../../config.ts';
import type { Transaction } from '../../db/database.ts';
import type { ConversationKind, MemberRole, NotificationLevel } from '../../db/generated/enums.ts';
import type { Refusal } from '../../errors.ts';
import type { Destination } from '../../events/catalogue.ts';
import type { Topic } from '../../events/topics.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import type { Node, Scope } from '../../scope.ts';
import type { UserRow } from '../people/users.ts';
import type { Conversation, Member } from './conversations.ts';

/**
 * What differs between the kinds of conversation. Each kind is one such object in a folder of its
 * own, and everything else asks it: no other file names a kind. The SQL expressions of a kind must
 * agree with its functions; a test compares them.
 */
export interface Kind {
  /** The name of its type in the API. */
  readonly typeName: string;

  /**
   * The topics besides the conversation's own in which its events are published. Undefined for a
   * kind that has none. The ids of those that have some are made of their users' ids (version 5),
   * which the database checks.
   */
  otherTopics?(conversation: Conversation): readonly Topic[];

  /** Whether a viewer without a membership may see the conversation. A member always may. */
  isOpenTo(scope: Scope, conversation: Conversation): boolean | Promise<boolean>;

  /**
   * The member as whom a viewer without a membership takes part. It has no row yet. Throws the
   * refusal for a viewer who has to join first, or may not join.
   */
  standIn(scope: Scope, conversation: Conversation): Promise<Member>;

  /**
   * Makes the viewer a member because they write, react or read here. For a kind that needs no
   * joining; others leave it out. Returns whether the viewer is a member now.
   */
  enter?(scope: Scope, conversation: Conversation): Promise<boolean>;

  /** The refusal for writing to an archived conversation. */
  readOnly(): Refusal;

  /** Whether members have roles here, and those with a higher role moderate the others. */
  readonly isModerated: boolean;

  /** Whether members see the read markers of others. */
  readonly showsReading: boolean;

  /**
   * The `seq` up to which the other side has read this author's messages. 0 for nothing, and for a
   * kind that does not show reading to authors.
   */
  readUpTo(scope: Scope, conversation: Conversation, authorId: string): Promise<number>;

  /**
   * Which messages notify `sql.recipients`, unless they have chosen otherwise: those that mention
   * or answer them, or all. Also the type of that notification.
   */
  readonly notifies: {
    readonly of: 'mentions' | 'every message';
    readonly type: string;
  };

  /** Which messages notify a member who has not chosen. */
  defaultLevel(conversation: Pick<Conversation, 'customerId'>, userId: string): NotificationLevel;

  /** For how many days messages are kept; 0 for as long as the conversation. */
  retentionDays(config: Config): number;

  /**
   * Ends the membership of a user whose account is deleted, in that transaction, and decides what
   * becomes of the conversation.
   */
  abandon(transaction: Transaction, record: RecordEvent, departure: Departure): Promise<void>;

  readonly sql: KindSql;
}

/**
 * Expressions over a row of `conversations`, for statements over many conversations at once.
 * `isAdmin` is a boolean expression.
 */
export interface KindSql {
  /** text[]: see `otherTopics`. */
  readonly otherTopics?: string;
  /** boolean: see `isOpenTo`. */
  isOpen?(isAdmin: string): string;
  /** boolean: whether `standIn` returns a member. */
  standsIn?(isAdmin: string): string;
  /**
   * uuid[]: the users whom every row of `messages` notifies, its author possibly among them. Users
   * whom it mentions or answers are not listed here.
   */
  readonly recipients?: string;
}

export interface Departure {
  readonly conversation: Conversation;
  readonly user: UserRow;
  readonly role: MemberRole;
}

/** By the name under which the database stores the kind. */
export type Kinds = { readonly [name in ConversationKind]: Kind };

declare module '../../scope.ts' {
  interface Services {
    readonly kinds: Kinds;
  }
}

type WithKinds = Pick<Node, 'services'>;

export const kindOf = ({ services }: WithKinds, { kind }: Pick<Conversation, 'kind'>): Kind =>
  services.kinds[kind];

/** The conversation as part of an event: its id, and its other topics if it has some. */
export function destinationOf(node: WithKinds, conversation: Conversation): Destination {
  const otherTopics = kindOf(node, conversation).otherTopics?.(conversation);
  return { conversationId: conversation.id, ...(otherTopics && { otherTopics }) };
}

/**
 * An SQL expression that has the value of each kind; null for a kind that has none. `column` holds
 * the name of the kind.
 */
export function byKind(
  kinds: Kinds,
  column: string,
  valueOf: (kind: Kind) => string | undefined,
): string {
  const cases = Object.entries(kinds).flatMap(([name, kind]) => {
    const value = valueOf(kind);
    return value === undefined ? [] : [`when '${name}' then ${value}`];
  });
  return cases.length > 0 ? `case ${column} ${cases.join(' ')} end` : 'null';
}
