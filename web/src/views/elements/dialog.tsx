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
  // Before anything else is typed, which is meant for it. Where it is taken away without being closed, the browser would leave the focus nowhere.
  useLayoutEffect(() => {
    const element = dialog.current!;
    const before = document.activeElement as HTMLElement | null;
    element.showModal();
    return () => {
      element.close();
      if (document.activeElement === document.body) before?.focus();
    };
  }, []);
  const leaveOutside = (event: MouseEvent) =>
    void (event.target === dialog.current && dialog.current?.close());
  return (
    <dialog
      ref={dialog}
      aria-label={title}
      onClose={() => dialog.current && onClose()}
      onClick={leaveOutside}
    >
      <header>
        <h2>{title}</h2>
        <button
          type="button"
          class="plain"
          aria-label="Close"
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
