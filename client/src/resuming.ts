import type { Payload, Sink } from './link.ts';

interface Event {
  readonly cursor?: string;
  readonly __typename?: string;
}

/** These stand at the place of the event before them. */
const marks = new Set(['CaughtUp', 'StreamReset']);

/** The same subscription, whose `after` moves on with what it hears, so that it can be made again at any time; and which hears nothing twice. */
export function resuming(
  payload: Payload,
  sink: Sink,
): { readonly payload: Payload; readonly sink: Sink } {
  const variables: Record<string, unknown> = { ...payload.variables };
  const next: typeof sink.next = (result) => {
    const [event] = Object.values(result.data ?? {}) as (Event | null)[];
    if (event?.cursor) {
      if (event.cursor === variables.after && event.__typename && !marks.has(event.__typename))
        return;
      variables.after = event.cursor;
    }
    sink.next(result);
  };
  return {
    payload: { ...payload, variables },
    sink: { next, error: (error) => sink.error(error), complete: () => sink.complete() },
  };
}
