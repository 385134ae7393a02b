import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from './icons.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Open for as long as it is there. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before anything else is typed, which is meant for it.
  useLayoutEffect(() => dialog.current!.showModal(), []);
  const leaveOutside = (event: MouseEvent) => void (event.target === dialog.current && dialog.current?.close());
  return (
    <dialog ref={dialog} aria-label={title} onClose={onClose} onClick={leaveOutside}>
      <header>
        <h2>{title}</h2>
        <button type="button" class="plain" aria-label="Close" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
