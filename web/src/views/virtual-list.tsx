import type { ComponentChild } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import { rangeOf, offsetsOf } from '../state/windowing.ts';

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

/** What stays where it is while everything around it changes: an entry, so many px above the upper edge, or the end of the list. */
type Anchor = 'bottom' | { readonly key: string; readonly above: number };

const overscan = 600;
const nearTop = 1500;
const nearBottom = 48;

/** Of a list of any length, only what is in view and a little more is there. What one looks at does not move when entries come before or after it. */
export function VirtualList<Entry extends { readonly key: string }>({ label, entries, estimate, render, handle, onNearTop, onBottom, onKeyDown }: VirtualListProps<Entry>) {
  const frame = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const heights = useRef(new Map<string, number>()).current;
  const anchor = useRef<Anchor>('bottom');
  const [, redraw] = useReducer((count: number) => count + 1, 0);

  const offsets = offsetsOf(entries, (entry) => heights.get(entry.key) ?? estimate(entry));
  const total = offsets[entries.length]!;
  const height = frame.current?.clientHeight ?? 800;
  const top = topOf(anchor.current);
  const [start, end] = rangeOf(offsets, top - overscan, top + height + overscan);
  const drawn = useRef({ start, end, offsets, entries });
  drawn.current = { start, end, offsets, entries };

  function topOf(held: Anchor): number {
    if (held === 'bottom') return total - height;
    const index = entries.findIndex(({ key }) => key === held.key);
    return index < 0 ? (frame.current?.scrollTop ?? 0) : offsets[index]! + held.above;
  }

  const rows = () => list.current!.children as HTMLCollectionOf<HTMLElement>;
  const rowOf = (key: string) => [...rows()].find((row) => row.dataset.key === key);

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
    const row = held === 'bottom' ? undefined : rowOf(held.key);
    const wanted = held === 'bottom' ? scrollHeight - clientHeight : row ? row.offsetTop + held.above : scrollTop;
    if (Math.abs(scrollTop - wanted) > 0.5) frame.current.scrollTop = wanted;
  }

  useLayoutEffect(() => {
    if (measure()) redraw(undefined);
    hold();
  });

  useEffect(() => {
    const watch = new ResizeObserver(() => {
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
    const { scrollTop, scrollHeight, clientHeight } = frame.current;
    const { offsets: known, entries: shown } = drawn.current;
    const isAtBottom = scrollHeight - clientHeight - scrollTop < nearBottom;
    const first = [...rows()].find((row) => row.offsetTop + row.offsetHeight > scrollTop);
    if (isAtBottom) anchor.current = 'bottom';
    else if (first) anchor.current = { key: first.dataset.key!, above: scrollTop - first.offsetTop };
    else {
      // Thrown beyond what is there.
      const [index] = rangeOf(known, scrollTop, scrollTop);
      const entry = shown[index];
      if (entry) anchor.current = { key: entry.key, above: scrollTop - known[index]! };
    }
    onBottom(isAtBottom);
    const [from, to] = rangeOf(known, scrollTop - overscan / 2, scrollTop + clientHeight + overscan / 2);
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
      moveTo('bottom');
      onBottom(true);
    },
    focus: (key) => rowOf(key)?.focus({ preventScroll: false }),
  };

  return (
    <div ref={frame} class="scroller" onScroll={scrolled} onKeyDown={onKeyDown}>
      <ol ref={list} class="messages" aria-label={label} style={{ paddingBlockStart: `${offsets[start]}px`, paddingBlockEnd: `${total - offsets[end]!}px` }}>
        {entries.slice(start, end).map(render)}
      </ol>
    </div>
  );
}
