import { useEffect, useState } from 'preact/hooks';
import { openFile, saveFile, sizeText, type Attachment } from '../../state/files.ts';
import { showToast } from '../../state/toasts.ts';
import { t } from '../../texts/texts.ts';

interface AttachmentsProps {
  readonly attachments: readonly Attachment[];
  readonly tabIndex: number;
}

/** The files of a message: images with a thumbnail, others with their name and size. */
export function Attachments({ attachments, tabIndex }: AttachmentsProps) {
  return (
    <ul class="attachments" aria-label={t('Attachments')}>
      {attachments.map((attachment) => (
        <li key={attachment.id}>
          <button
            type="button"
            class={attachment.thumbnailUrl ? 'plain picture' : 'file'}
            tabIndex={tabIndex}
            aria-label={t('Download {name}', { name: attachment.fileName })}
            title={attachment.fileName}
            onClick={() => void download(attachment)}
          >
            {attachment.thumbnailUrl ? (
              <Picture attachment={attachment} />
            ) : (
              <>
                <span class="name">{attachment.fileName}</span>
                <small>{sizeText(attachment.sizeBytes)}</small>
              </>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

const download = (attachment: Attachment): Promise<void> =>
  saveFile(attachment).catch(() =>
    showToast(t('The file could not be downloaded. It may have been deleted.'), true),
  );

/** The longest side of a picture in a message, in pixels. */
const longestSide = 320;

/** Has its size from the start, so that nothing moves when the picture arrives. */
function Picture({ attachment }: { readonly attachment: Attachment }) {
  const { thumbnailUrl, placeholder, fileName, width, height } = attachment;
  const [url, setUrl] = useState(placeholder ?? undefined);
  useEffect(() => {
    let isShown = true;
    let release: (() => void) | undefined;
    openFile(thumbnailUrl!).then(
      (opened) => {
        if (!isShown) return opened.release();
        release = opened.release;
        setUrl(opened.url);
      },
      // The placeholder stays.
      () => {},
    );
    return () => {
      isShown = false;
      release?.();
    };
  }, [thumbnailUrl]);
  const scale = Math.min(1, longestSide / Math.max(width ?? 1, height ?? 1));
  return (
    <img
      src={url}
      alt={fileName}
      width={Math.max(1, Math.round((width ?? 1) * scale))}
      height={Math.max(1, Math.round((height ?? 1) * scale))}
    />
  );
}
