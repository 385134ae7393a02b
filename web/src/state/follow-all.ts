import { isCauserieError } from '@causerie/client';

/**
 * Calls `take` with each event. If the server refuses the subscription, calls `refused`; not if
 * `signal` ended it.
 */
export async function followAll<Event>(
  events: AsyncIterable<Event>,
  signal: AbortSignal,
  take: (event: Event) => void,
  refused: (code: string, message: string) => void = () => {},
): Promise<void> {
  try {
    for await (const event of events) take(event);
  } catch (error) {
    if (!isCauserieError(error)) throw error;
    if (!signal.aborted) refused(error.code, error.message);
  }
}
