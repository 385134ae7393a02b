import { createContext, type ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from './icons.tsx';
import { t } from '../../texts/texts.ts';

interface DialogProps {
  readonly title: string;
  readonly className?: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Closes the dialog around a component. Undefined outside of dialogs. */
export const CloseDialog = createContext<(() => void) | undefined>(undefined);

/** A modal dialog. It is open while it is rendered. */
export function Dialog({ title, className, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  // A layout effect, so that the next key already goes to the dialog. If it is removed while open,
  // the browser does not restore the focus.
  useLayoutEffect(() => {
    const element = dialog.current!;
    const before = document.activeElement as HTMLElement | null;
    element.showModal();
    return () => {
      element.close();
      if (document.activeElement === document.body) before?.focus();
    };
  }, []);
  const close = () => dialog.current?.close();
  const closeOutside = (event: MouseEvent) => {
    if (event.target === dialog.current) close();
  };
  return (
    <dialog
      ref={dialog}
      class={className}
      aria-label={title}
      onClose={() => dialog.current && onClose()}
      onClick={closeOutside}
    >
      <header>
        <h2>{title}</h2>
        <button type="button" class="plain" aria-label={t('Close')} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <CloseDialog value={close}>{children}</CloseDialog>
    </dialog>
  );
}
