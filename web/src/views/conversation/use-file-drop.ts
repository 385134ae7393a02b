import { useEffect, useRef, useState } from 'preact/hooks';
import { showToast } from '../../state/toasts.ts';
import { t } from '../../texts/texts.ts';

type TakeFiles = (files: readonly File[]) => void;

/** `dragover` repeats at least this often while something is over the window, in ms. */
const dragOverMs = 500;

const hasFiles = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.includes('Files') ?? false;

/**
 * Takes files that are dropped anywhere in the window. Returns whether some are being dragged over
 * it. Without `onFiles`, the window refuses files; the browser would leave the page to show them.
 */
export function useFileDrop(onFiles: TakeFiles | undefined): boolean {
  const [isOver, setOver] = useState(false);
  const take = useRef(onFiles);
  take.current = onFiles;

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const takes = () => take.current && !document.querySelector('dialog[open]');
    function over(event: DragEvent): void {
      if (!hasFiles(event) || (!takes() && event.defaultPrevented)) return;
      event.preventDefault();
      event.dataTransfer!.dropEffect = takes() ? 'copy' : 'none';
      if (!takes()) return;
      setOver(true);
      clearTimeout(timer);
      timer = setTimeout(() => setOver(false), dragOverMs);
    }
    function drop(event: DragEvent): void {
      if (!hasFiles(event)) return;
      event.preventDefault();
      clearTimeout(timer);
      setOver(false);
      if (takes()) take.current!(filesOf(event.dataTransfer!));
    }
    addEventListener('dragover', over);
    addEventListener('drop', drop);
    return () => {
      clearTimeout(timer);
      removeEventListener('dragover', over);
      removeEventListener('drop', drop);
    };
  }, []);

  return isOver;
}

/** The dropped files without folders, which have no content. */
function filesOf({ items }: DataTransfer): File[] {
  const entries = [...items].filter(({ kind }) => kind === 'file');
  const files = entries.filter((item) => !item.webkitGetAsEntry()?.isDirectory);
  if (files.length < entries.length) showToast(t('Folders cannot be sent.'), true);
  return files.flatMap((item) => item.getAsFile() ?? []);
}
