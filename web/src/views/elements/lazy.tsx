import type { ComponentType, FunctionComponent } from 'preact';
import { useEffect, useReducer } from 'preact/hooks';
import { attempt } from '../../state/toasts.ts';

/**
 * A component whose code is loaded when it is first shown, because most visits do not need it.
 * Until then it shows nothing. `preload` loads it before.
 */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): FunctionComponent<Props> & { readonly preload: () => void } {
  let loaded: ComponentType<Props> | undefined;
  const preload = () =>
    void load().then(
      (component) => (loaded = component),
      () => {},
    );
  function Lazy(props: Props) {
    const [, redraw] = useReducer<number, void>((count) => count + 1, 0);
    const Loaded = loaded;
    useEffect(() => {
      if (Loaded) return;
      let isShown = true;
      void attempt(async () => {
        loaded ??= await load();
        if (isShown) redraw();
      });
      return () => void (isShown = false);
    }, []);
    return Loaded ? <Loaded {...props} /> : null;
  }
  return Object.assign(Lazy, { preload });
}
