import { randomUUID } from 'node:crypto';

/**
 * A JSON object that is produced while it is sent, so that it is never in memory as a whole [P13].
 * Its pieces can be read once.
 */
export class StreamedJson {
  readonly pieces: AsyncIterable<string>;

  constructor(pieces: AsyncIterable<string>) {
    this.pieces = pieces;
  }
}

/** The JSON of a value that contains streamed objects, in pieces. */
export async function* piecesOf(value: unknown): AsyncGenerator<string> {
  const streams: StreamedJson[] = [];
  const mark = randomUUID();
  const text = JSON.stringify(value, (_name, inner: unknown) => {
    if (!(inner instanceof StreamedJson)) return inner;
    streams.push(inner);
    return mark;
  });
  for (const [index, part] of text.split(`"${mark}"`).entries()) {
    if (index > 0) yield* streams[index - 1]!.pieces;
    yield part;
  }
}
