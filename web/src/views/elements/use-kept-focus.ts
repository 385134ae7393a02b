import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** The keyboard is not lost with what is focused within an element: when that goes, the element itself is focused. For who draws what goes. */
export function useKeptFocus(element: RefObject<HTMLElement | null>): void {
  const wasWithin = element.current?.contains(document.activeElement);
  useLayoutEffect(() => {
    if (wasWithin && !element.current?.contains(document.activeElement))
      element.current?.focus({ preventScroll: true });
  });
}
