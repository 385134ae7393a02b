import type { ComponentChild } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import { rangeOf, offsetsOf } from '../../state/windowing.ts';

export interface ListHandle {
  /** Scrolls to the entry with this key. */
  show(key: string): void;
  toBottom(): void;
  focus(key: string): void;
}

interface VirtualListProps<Entry extends { readonly key: string }> {
  readonly label: string;
  readonly entries: readonly Entry[];
  /** The probable height of an entry in px, until it is measured. */
  readonly estimate: (entry: Entry) => number;
  readonly render: (entry: Entry) => ComponentChild;
  readonly handle: { current: ListHandle | null };
  readonly onNearTop: () => void;
  readonly onBottom: (isAtBottom: boolean) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/**
 * What keeps its position while the list changes: an entry whose top is `above` px above the
 * visible area, or the end of the list, `below` px below it.
 */
type Anchor = { readonly key: string; readonly above: number } | { readonly below: number };

const atEnd: Anchor = { below: 0 };
const overscan = 600;
const nearTop = 1500;
const nearEnd = 48;

/**
 * Renders only the visible entries of a long list, and some more. Entries in view do not move when
 * others are added before or after them. At its end, the list follows new entries.
 */
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
  /**
   * The last known scroll position. If the real one differs, the viewer has scrolled, and the event
   * has not arrived yet.
   */
  const seenTop = useRef(0);
  const drawn = useRef<{
    start: number;
    end: number;
    offsets: Float64Array;
    entries: readonly Entry[];
  }>({ start: 0, end: 0, offsets: new Float64Array(1), entries: [] });
  const [, redraw] = useReducer((count: number) => count + 1, 0);

  if (wasScrolled()) anchorToView();
  if (isNearEnd() && entries.at(-1)?.key !== drawn.current.entries.at(-1)?.key)
    anchor.current = atEnd;
  const offsets = offsetsOf(entries, (entry) => heights.get(entry.key) ?? estimate(entry));
  const total = offsets[entries.length]!;
  const height = frame.current?.clientHeight ?? 800;
  const top = topOf(anchor.current);
  const [start, end] = rangeOf(offsets, top - overscan, top + height + overscan);
  drawn.current = { start, end, offsets, entries };

  function topOf(fixed: Anchor): number {
    if ('below' in fixed) return total - height - fixed.below;
    const index = entries.findIndex(({ key }) => key === fixed.key);
    return index < 0 ? (frame.current?.scrollTop ?? 0) : offsets[index]! + fixed.above;
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

  /** Measures the rendered rows. Returns whether a height has changed. */
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

  /** Scrolls so that the anchor is back at its position. */
  function restoreAnchor(): void {
    if (!frame.current) return;
    const wanted = anchoredTop(frame.current, anchor.current);
    if (Math.abs(frame.current.scrollTop - wanted) > 0.5) frame.current.scrollTop = wanted;
    seenTop.current = frame.current.scrollTop;
  }

  function anchoredTop({ scrollHeight, clientHeight, scrollTop }: HTMLElement, to: Anchor): number {
    if ('below' in to) return scrollHeight - clientHeight - to.below;
    const row = rowOf(to.key);
    return row ? row.offsetTop + to.above : scrollTop;
  }

  /**
   * Anchors the list to the first row in view. A date is no anchor, because it moves up when older
   * messages of the day are loaded. Neither is the very first row, because its height changes when
   * it joins a group.
   */
  function anchorToView(): void {
    const { scrollTop, scrollHeight, clientHeight } = frame.current!;
    seenTop.current = scrollTop;
    const below = Math.max(0, scrollHeight - clientHeight - scrollTop);
    if (below < nearEnd) return void (anchor.current = { below });
    const stable = [...rows()].filter(
      (row) => row.offsetTop + row.offsetHeight > scrollTop && !row.matches('.day, .new'),
    );
    const row = stable[1] ?? stable[0];
    if (row)
      return void (anchor.current = { key: row.dataset.key!, above: scrollTop - row.offsetTop });
    // The viewer has scrolled beyond the rendered rows.
    const { offsets: known, entries: all } = drawn.current;
    const [index] = rangeOf(known, scrollTop, scrollTop);
    const entry = all[index];
    if (entry) anchor.current = { key: entry.key, above: scrollTop - known[index]! };
  }

  useLayoutEffect(() => {
    if (measure()) redraw(undefined);
    restoreAnchor();
  });

  useEffect(() => {
    const watch = new ResizeObserver(() => {
      if (wasScrolled()) anchorToView();
      if (measure()) redraw(undefined);
      restoreAnchor();
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
    anchorToView();
    onBottom(isNearEnd());
    const [from, to] = rangeOf(
      drawn.current.offsets,
      scrollTop - overscan / 2,
      scrollTop + clientHeight + overscan / 2,
    );
    if (from < drawn.current.start || to > drawn.current.end) redraw(undefined);
    if (scrollTop < nearTop) onNearTop();
  }

  function moveTo(next: Anchor): void {
    anchor.current = next;
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
