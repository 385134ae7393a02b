import { useEffect, useReducer } from 'preact/hooks';

/** The maximum of `setTimeout`. */
const maxTimerMs = 2 ** 31 - 1;

/** Whether a moment is in the future. The component is rendered again when the moment has come. */
export function useIsAhead(moment: string | null | undefined): boolean {
  const [wakeCount, wake] = useReducer<number, void>((count) => count + 1, 0);
  const leftMs = moment ? Date.parse(moment) - Date.now() : 0;
  useEffect(() => {
    if (leftMs <= 0) return undefined;
    const timer = setTimeout(wake, Math.min(leftMs, maxTimerMs));
    return () => clearTimeout(timer);
  }, [moment, wakeCount]);
  return leftMs > 0;
}
