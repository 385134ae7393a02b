import type { NewEvent } from '../../src/events/catalogue.ts';
import type { EventLog, Passage } from '../../src/events/event-log.ts';
import { origin, type Event, type Position } from '../../src/events/event.ts';

export const topic = 'conversation:scripted';

/** An event log that answers when the test allows it. It can be trimmed, or unavailable. */
export class ScriptedLog implements EventLog {
  events: Event[] = [];
  /** Numbers up to here are no longer kept. */
  trimmedTo = 0;
  isAway = false;
  reads = 0;
  /** Tags are unique, also across histories. */
  #tags = 0;
  readonly #pace: <Answer>(answer: () => Answer) => Promise<Answer>;

  constructor(
    pace: <Answer>(answer: () => Answer) => Promise<Answer> = async (answer) => answer(),
  ) {
    this.#pace = pace;
  }

  get head(): Position {
    return this.events.at(-1) ?? origin;
  }

  commit(): Event {
    const messageId = `${this.events.length + 1}`;
    return this.#append({ type: 'MessageSent', data: { conversationId: 'scripted', messageId } });
  }

  commitMemberLeft(userId: string): Event {
    const data = { conversationId: 'scripted', userId, reason: 'KICKED' as const };
    return this.#append({ type: 'MemberLeft', data });
  }

  /**
   * Loses all events after this number, as a restore does. Later events belong to another history.
   */
  restore(seq: number): void {
    this.events = this.events.slice(0, seq);
  }

  heads(): Promise<Map<string, Position>> {
    return this.#pace(() => {
      const { seq, tag } = this.#answering().at(-1) ?? origin;
      return new Map(seq > 0 ? [[topic, { seq, tag }]] : []);
    });
  }

  read(_topic: string, after: number, limit: number): Promise<Passage | undefined> {
    this.reads++;
    return this.#pace(() => {
      const events = this.#answering();
      if (after > events.length || (after < this.trimmedTo && after < events.length))
        return undefined;
      return {
        after: { seq: after, tag: events[after - 1]?.tag ?? origin.tag },
        events: events.slice(after, after + limit),
        head: events.at(-1) ?? origin,
      };
    });
  }

  #append(event: NewEvent): Event {
    const seq = this.events.length + 1;
    const stored: Event = {
      ...event,
      topic,
      seq,
      tag: ++this.#tags,
      follows: this.head.tag,
      occurredAt: seq,
    };
    this.events.push(stored);
    return stored;
  }

  #answering(): Event[] {
    if (this.isAway) throw Object.assign(new Error('Connection terminated'), { code: '57P01' });
    return this.events;
  }
}
