import { useEffect, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import { replaceRoute } from '../../state/route.ts';
import { attempt } from '../../state/toasts.ts';
import { Nowhere } from '../conversation/nowhere.tsx';
import { t } from '../../texts/texts.ts';

/** Finds a room by its name, and shows it. */
export function NamedRoom({ name }: { readonly name: string }) {
  const [isMissing, setMissing] = useState(false);
  useEffect(() => {
    const controller = new AbortController();
    void attempt(async () => {
      const room = await causerie.room({ name }, { signal: controller.signal });
      if (controller.signal.aborted) return;
      if (room) replaceRoute({ at: 'room', id: room.id });
      else setMissing(true);
    });
    return () => controller.abort();
  }, [name]);
  if (!isMissing) return <main class="place" aria-busy="true" />;
  return (
    <Nowhere
      title={t('Room not found')}
      reason={t('There is no room named {name}, or you do not have access to it.', { name })}
    />
  );
}
