import type { Payload, Sink } from './link.ts';

interface Event {
  readonly cursor?: string;
  readonly __typename?: string;
}

/**
 * These events have the cursor of the event before them, so the same cursor does not make them
 * repeats.
 */
const marks = new Set(['CaughtUp', 'StreamReset']);

/**
 * The same subscription, which can be started again at any time: its `after` follows the cursor of
 * the last event, and repeated events are dropped.
 */
export function resuming(
  payload: Payload,
  sink: Sink,
): { readonly payload: Payload; readonly sink: Sink } {
  const variables: Record<string, unknown> = { ...payload.variables };

  const isRepeat = ({ cursor, __typename: type }: Event): boolean =>
    cursor === variables.after && type !== undefined && !marks.has(type);

  const next: Sink['next'] = (result) => {
    const [event] = Object.values(result.data ?? {}) as (Event | null)[];
    if (event?.cursor) {
      if (isRepeat(event)) return;
      variables.after = event.cursor;
    }
    sink.next(result);
  };

  return {
    payload: { ...payload, variables },
    sink: { next, error: (error) => sink.error(error), complete: () => sink.complete() },
  };
}
