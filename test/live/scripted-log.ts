import type { EventLog } from '../../src/events/event-log.ts';
import type { Event } from '../../src/events/event.ts';

export const topic = 'conversation:scripted';

/** An event log whose answers come when the test lets them, and which can be trimmed or away. */
export class ScriptedLog implements EventLog {
  readonly epoch = 'scripted';
  readonly events: Event[] = [];
  /** Numbers up to here are no longer kept. */
  trimmedTo = 0;
  isAway = false;
  reads = 0;
  readonly #pace: <Answer>(answer: () => Answer) => Promise<Answer>;

  constructor(
    pace: <Answer>(answer: () => Answer) => Promise<Answer> = async (answer) => answer(),
  ) {
    this.#pace = pace;
  }

  commit(): Event {
    const seq = this.events.length + 1;
    const event: Event = {
      topic,
      seq,
      type: 'MessageSent',
      data: { conversationId: 'scripted', messageId: `${seq}` },
      occurredAt: seq,
    };
    this.events.push(event);
    return event;
  }

  commitMemberLeft(userId: string): Event {
    const event: Event = {
      topic,
      seq: this.events.length + 1,
      type: 'MemberLeft',
      data: { conversationId: 'scripted', userId, reason: 'KICKED' },
      occurredAt: 0,
    };
    this.events.push(event);
    return event;
  }

  heads(): Promise<Map<string, number>> {
    return this.#pace(() => new Map([[topic, this.#answering().length]]));
  }

  read(_topic: string, after: number, limit: number): Promise<Event[] | undefined> {
    this.reads++;
    return this.#pace(() => {
      const kept = this.#answering().filter(({ seq }) => seq > after && seq > this.trimmedTo);
      return kept[0] && kept[0].seq !== after + 1 ? undefined : kept.slice(0, limit);
    });
  }

  #answering(): Event[] {
    if (this.isAway) throw Object.assign(new Error('Connection terminated'), { code: '57P01' });
    return this.events;
  }
}
