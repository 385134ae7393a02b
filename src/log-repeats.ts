/** The lines with the same message that are logged within a window. */
const linesPerWindow = 10;
const windowMs = 60_000;
/** More different messages are not counted. A message is a constant with few exceptions. */
const messagesMax = 1000;

interface Window {
  lines: number;
  leftOut: number;
}

/**
 * Limits how often the same message is logged. At the end of each window, `report` receives the
 * number of lines that were left out of it.
 */
export function limitRepeats(
  report: (message: string, leftOut: number) => void,
): (message: string) => boolean {
  const windows = new Map<string, Window>();

  function end(message: string): void {
    const { leftOut } = windows.get(message)!;
    windows.delete(message);
    if (leftOut > 0) report(message, leftOut);
  }

  /** Whether the line is logged. */
  return (message) => {
    const window = windows.get(message);
    if (window && window.lines >= linesPerWindow) {
      window.leftOut++;
      return false;
    }
    if (window) window.lines++;
    else if (windows.size < messagesMax) {
      windows.set(message, { lines: 1, leftOut: 0 });
      setTimeout(() => end(message), windowMs).unref();
    }
    return true;
  };
}
