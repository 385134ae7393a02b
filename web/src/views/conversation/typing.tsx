import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { followTyping } from '../../state/room-life.ts';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { language, t } from '../../texts/texts.ts';

/** The names of the users who are typing. */
export function Typing({ conversationId }: { readonly conversationId: string }) {
  const [typists, setTypists] = useState<ReadonlySignal<readonly User[]>>();
  useEffect(() => {
    const controller = new AbortController();
    setTypists(followTyping(conversationId, controller.signal));
    return () => controller.abort();
  }, [conversationId]);
  const text = typingText(typists?.value.map(nameOf) ?? []);
  return (
    <p class="typing" aria-live="off">
      {text && <span class="dots" aria-hidden="true" />}
      {text}
    </p>
  );
}

function typingText(names: readonly string[]): string {
  if (names.length === 0) return '';
  if (names.length > 3) return t('Several people are typing…');
  const list = new Intl.ListFormat(language).format(names);
  return names.length === 1
    ? t('{name} is typing…', { name: list })
    : t('{names} are typing…', { names: list });
}
