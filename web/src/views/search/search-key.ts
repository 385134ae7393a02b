const isApple = /^(Mac|iP)/.test(navigator.platform);

/** The keyboard shortcut that opens the search. */
export const searchKey = {
  label: isApple ? '⌘K' : 'Ctrl+K',
  /** For `aria-keyshortcuts`. */
  shortcut: isApple ? 'Meta+K' : 'Control+K',
  isPressed: ({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean =>
    key.toLowerCase() === 'k' &&
    (isApple ? metaKey && !ctrlKey : ctrlKey && !metaKey) &&
    !altKey &&
    !shiftKey,
} as const;
