import type { Violation } from './history.ts';

/** A message as it was acknowledged, or as the database has it. Each send has its own key. */
export interface KeyedMessage {
  readonly key: string;
  readonly id: string;
  /** Its number among the messages of the room. */
  readonly seq: number;
  readonly authorId: string;
}

/** The stored messages, by key. */
export type Stored = Map<string, KeyedMessage>;

/** Adds newly stored messages. Each must be stored once, and must have been attempted [P6]. */
export function noteStored(
  stored: Stored,
  fresh: readonly KeyedMessage[],
  isAttempted: (key: string) => boolean,
): Violation[] {
  const violations: Violation[] = [];
  for (const message of fresh) {
    const twin = stored.get(message.key);
    if (twin)
      violations.push({
        rule: 'doubled send',
        detail: `${message.key} is stored as ${twin.seq} and as ${message.seq}`,
      });
    if (!isAttempted(message.key))
      violations.push({
        rule: 'invented send',
        detail: `${message.key} is stored as ${message.seq}, and nobody sent it`,
      });
    stored.set(message.key, message);
  }
  return violations;
}

/** Each acknowledged message is stored as it was acknowledged [P6]. */
export function checkAcknowledged(
  stored: Stored,
  acknowledged: readonly KeyedMessage[],
): Violation[] {
  return acknowledged.flatMap((acknowledgement) => {
    const message = stored.get(acknowledgement.key);
    if (!message)
      return [
        {
          rule: 'lost send',
          detail: `${acknowledgement.key} was acknowledged as ${acknowledgement.seq} and is not stored`,
        },
      ];
    const isSame =
      message.id === acknowledgement.id &&
      message.seq === acknowledgement.seq &&
      message.authorId === acknowledgement.authorId;
    return isSame
      ? []
      : [
          {
            rule: 'differing send',
            detail: `${acknowledgement.key} was acknowledged as ${JSON.stringify(acknowledgement)} and is stored as ${JSON.stringify(message)}`,
          },
        ];
  });
}
