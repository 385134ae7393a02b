import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/**
 * Keeps the keyboard focus within an element: if the focused child is removed, the element itself
 * gets the focus. Call it in the component that renders the children.
 */
export function useKeptFocus(element: RefObject<HTMLElement | null>): void {
  const wasWithin = element.current?.contains(document.activeElement);
  useLayoutEffect(() => {
    if (wasWithin && !element.current?.contains(document.activeElement))
      element.current?.focus({ preventScroll: true });
  });
}
