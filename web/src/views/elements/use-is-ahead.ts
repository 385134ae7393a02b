import { useEffect, useReducer } from 'preact/hooks';

/** The longest that a timer takes. */
const mostMs = 2 ** 31 - 1;

/** Whether a moment is still to come. What shows it is drawn again when it has come. */
export function useIsAhead(moment: string | null | undefined): boolean {
  const [waits, wake] = useReducer<number, void>((count) => count + 1, 0);
  const leftMs = moment ? Date.parse(moment) - Date.now() : 0;
  useEffect(() => {
    if (leftMs <= 0) return undefined;
    const timer = setTimeout(wake, Math.min(leftMs, mostMs));
    return () => clearTimeout(timer);
  }, [moment, waits]);
  return leftMs > 0;
}
