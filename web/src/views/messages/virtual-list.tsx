import type { ComponentChild } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import { rangeOf, offsetsOf } from '../../state/windowing.ts';

export interface ListHandle {
  /** Brings it into view; it is found by its key. */
  show(key: string): void;
  toBottom(): void;
  focus(key: string): void;
}

interface VirtualListProps<Entry extends { readonly key: string }> {
  readonly label: string;
  readonly entries: readonly Entry[];
  /** How high an entry probably is, in px, until it is measured. */
  readonly estimate: (entry: Entry) => number;
  readonly render: (entry: Entry) => ComponentChild;
  readonly handle: { current: ListHandle | null };
  readonly onNearTop: () => void;
  readonly onBottom: (isAtBottom: boolean) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** What stays where it is while everything around it changes: an entry, so many px above the upper edge, or the end of the list, so many px below the lower one. */
type Anchor = { readonly key: string; readonly above: number } | { readonly below: number };

const atEnd: Anchor = { below: 0 };
const overscan = 600;
const nearTop = 1500;
const nearEnd = 48;

/** Of a list of any length, only what is in view and a little more is there. What one looks at does not move when entries come before or after it, but at the end, where one follows what comes. */
export function VirtualList<Entry extends { readonly key: string }>({
  label,
  entries,
  estimate,
  render,
  handle,
  onNearTop,
  onBottom,
  onKeyDown,
}: VirtualListProps<Entry>) {
  const frame = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const heights = useRef(new Map<string, number>()).current;
  const anchor = useRef<Anchor>(atEnd);
  /** Where it stood when that was last looked at; elsewhere, it was scrolled and we are yet to be told. */
  const seenTop = useRef(0);
  const drawn = useRef<{
    start: number;
    end: number;
    offsets: Float64Array;
    entries: readonly Entry[];
  }>({ start: 0, end: 0, offsets: new Float64Array(1), entries: [] });
  const [, redraw] = useReducer((count: number) => count + 1, 0);

  if (wasScrolled()) takeHold();
  if (isNearEnd() && entries.at(-1)?.key !== drawn.current.entries.at(-1)?.key)
    anchor.current = atEnd;
  const offsets = offsetsOf(entries, (entry) => heights.get(entry.key) ?? estimate(entry));
  const total = offsets[entries.length]!;
  const height = frame.current?.clientHeight ?? 800;
  const top = topOf(anchor.current);
  const [start, end] = rangeOf(offsets, top - overscan, top + height + overscan);
  drawn.current = { start, end, offsets, entries };

  function topOf(held: Anchor): number {
    if ('below' in held) return total - height - held.below;
    const index = entries.findIndex(({ key }) => key === held.key);
    return index < 0 ? (frame.current?.scrollTop ?? 0) : offsets[index]! + held.above;
  }

  function isNearEnd(): boolean {
    return 'below' in anchor.current;
  }

  function wasScrolled(): boolean {
    return frame.current !== null && Math.abs(frame.current.scrollTop - seenTop.current) > 1;
  }

  function rows(): HTMLCollectionOf<HTMLElement> {
    return list.current!.children as HTMLCollectionOf<HTMLElement>;
  }

  function rowOf(key: string): HTMLElement | undefined {
    return [...rows()].find((row) => row.dataset.key === key);
  }

  /** Measures what is there. Whether it was otherwise before. */
  function measure(): boolean {
    if (!list.current) return false;
    let isChanged = false;
    for (const row of rows()) {
      const measured = row.getBoundingClientRect().height;
      const { key } = row.dataset;
      if (Math.abs((heights.get(key!) ?? -1) - measured) < 0.5) continue;
      heights.set(key!, measured);
      isChanged = true;
    }
    return isChanged;
  }

  /** Puts what is held back to where it was. */
  function hold(): void {
    if (!frame.current) return;
    const held = anchor.current;
    const { scrollHeight, clientHeight, scrollTop } = frame.current;
    const row = 'key' in held ? rowOf(held.key) : undefined;
    const wanted =
      'below' in held
        ? scrollHeight - clientHeight - held.below
        : row
          ? row.offsetTop + held.above
          : scrollTop;
    if (Math.abs(scrollTop - wanted) > 0.5) frame.current.scrollTop = wanted;
    seenTop.current = frame.current.scrollTop;
  }

  /** Holds on to what is in view now. Not to a date, which moves up when older messages of the day come; nor to the very first row, which may lose its name to them. */
  function takeHold(): void {
    const { scrollTop, scrollHeight, clientHeight } = frame.current!;
    seenTop.current = scrollTop;
    const below = Math.max(0, scrollHeight - clientHeight - scrollTop);
    if (below < nearEnd) return void (anchor.current = { below });
    const steady = [...rows()].filter(
      (row) => row.offsetTop + row.offsetHeight > scrollTop && !row.matches('.day, .new'),
    );
    const row = steady[1] ?? steady[0];
    if (row)
      return void (anchor.current = { key: row.dataset.key!, above: scrollTop - row.offsetTop });
    // Thrown beyond what is there.
    const { offsets: known, entries: all } = drawn.current;
    const [index] = rangeOf(known, scrollTop, scrollTop);
    const entry = all[index];
    if (entry) anchor.current = { key: entry.key, above: scrollTop - known[index]! };
  }

  useLayoutEffect(() => {
    if (measure()) redraw(undefined);
    hold();
  });

  useEffect(() => {
    const watch = new ResizeObserver(() => {
      if (wasScrolled()) takeHold();
      if (measure()) redraw(undefined);
      hold();
    });
    watch.observe(frame.current!);
    watch.observe(list.current!);
    return () => watch.disconnect();
  }, []);

  useEffect(() => {
    if (topOf(anchor.current) < nearTop) onNearTop();
  }, [entries.length]);

  function scrolled(): void {
    // Told once more after it is gone.
    if (!frame.current || !list.current) return;
    const { scrollTop, clientHeight } = frame.current;
    takeHold();
    onBottom(isNearEnd());
    const [from, to] = rangeOf(
      drawn.current.offsets,
      scrollTop - overscan / 2,
      scrollTop + clientHeight + overscan / 2,
    );
    if (from < drawn.current.start || to > drawn.current.end) redraw(undefined);
    if (scrollTop < nearTop) onNearTop();
  }

  function moveTo(held: Anchor): void {
    anchor.current = held;
    redraw(undefined);
  }

  handle.current = {
    show: (key) => moveTo({ key, above: -height / 3 }),
    toBottom() {
      moveTo(atEnd);
      onBottom(true);
    },
    focus: (key) => rowOf(key)?.focus({ preventScroll: false }),
  };

  return (
    <div ref={frame} class="scroller" onScroll={scrolled} onKeyDown={onKeyDown}>
      <ol
        ref={list}
        class="messages"
        aria-label={label}
        style={{
          paddingBlockStart: `${offsets[start]}px`,
          paddingBlockEnd: `${total - offsets[end]!}px`,
        }}
      >
        {entries.slice(start, end).map(render)}
      </ol>
    </div>
  );
}
