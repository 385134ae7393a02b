import { isCauserieError } from '@causerie/client';

/** Takes each event until the server or `signal` ends it; then says how it ended, unless that was us. */
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
