import { useEffect, useState } from 'preact/hooks';
import { openFile } from '../../state/files.ts';

interface OpenedFile {
  /** A blob address; undefined until the file is loaded. */
  readonly url: string | undefined;
  readonly isFailed: boolean;
}

const unopened: OpenedFile = { url: undefined, isFailed: false };

/** Fetches a file of the server while the component is shown. */
export function useOpenedFile(address: string): OpenedFile {
  const [opened, setOpened] = useState(unopened);
  useEffect(() => {
    let isShown = true;
    let release: (() => void) | undefined;
    setOpened(unopened);
    openFile(address).then(
      (file) => {
        if (!isShown) return file.release();
        release = file.release;
        setOpened({ url: file.url, isFailed: false });
      },
      () => isShown && setOpened({ url: undefined, isFailed: true }),
    );
    return () => {
      isShown = false;
      release?.();
    };
  }, [address]);
  return opened;
}
