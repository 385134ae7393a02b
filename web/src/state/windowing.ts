/** The top of each entry in px, followed by the bottom of the last one. */
export function offsetsOf<Entry>(
  entries: readonly Entry[],
  heightOf: (entry: Entry) => number,
): Float64Array {
  const offsets = new Float64Array(entries.length + 1);
  for (const [index, entry] of entries.entries())
    offsets[index + 1] = offsets[index]! + heightOf(entry);
  return offsets;
}

/** The entries between two heights in px: `start` is the first, `end` is one after the last. */
export function rangeOf(
  offsets: Float64Array,
  from: number,
  to: number,
): readonly [start: number, end: number] {
  const count = offsets.length - 1;
  const start = Math.max(0, lastAtOrBefore(offsets, from));
  return [Math.min(start, count), Math.min(count, lastAtOrBefore(offsets, to) + 1)];
}

function lastAtOrBefore(offsets: Float64Array, height: number): number {
  let [low, high] = [0, offsets.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (offsets[middle]! <= height) low = middle;
    else high = middle - 1;
  }
  return low;
}
