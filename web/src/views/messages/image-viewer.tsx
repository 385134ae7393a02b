import { useEffect, useState } from 'preact/hooks';
import { sizeText, type Attachment } from '../../state/files.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Icon } from '../elements/icons.tsx';
import { download } from './attachments.tsx';
import { useOpenedFile } from './use-opened-file.ts';
import { t } from '../../texts/texts.ts';

interface ImageViewerProps {
  /** The pictures to go through, in their order. */
  readonly pictures: readonly Attachment[];
  readonly first: Attachment;
  readonly onClose: () => void;
}

/** Shows a picture in full. The arrow keys go to the previous and the next one. */
export function ImageViewer({ pictures, first, onClose }: ImageViewerProps) {
  const [shownId, setShownId] = useState(first.id);
  const index = pictures.findIndex(({ id }) => id === shownId);
  const shown = pictures[index];
  const before = pictures[index - 1];
  const after = pictures[index + 1];
  const show = (picture: Attachment | undefined) => picture && setShownId(picture.id);

  useEffect(() => {
    // The message was deleted meanwhile.
    if (!shown) onClose();
  }, [shown]);

  useEffect(() => {
    const pressed = ({ key }: KeyboardEvent) => {
      if (key === 'ArrowLeft') show(before);
      else if (key === 'ArrowRight') show(after);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [before?.id, after?.id]);

  if (!shown) return null;
  return (
    <Dialog title={shown.fileName} className="viewer" onClose={onClose}>
      <Whole key={shown.id} picture={shown} />
      <footer>
        <button
          type="button"
          class="plain"
          aria-label={t('Previous image')}
          disabled={!before}
          onClick={() => show(before)}
        >
          <Icon name="back" />
        </button>
        <small role="status">
          {t('{index} of {count}', { index: index + 1, count: pictures.length })}
        </small>
        <button
          type="button"
          class="plain"
          aria-label={t('Next image')}
          disabled={!after}
          onClick={() => show(after)}
        >
          <Icon name="next" />
        </button>
        <small class="dimensions">
          {shown.width} × {shown.height}, {sizeText(shown.sizeBytes)}
        </small>
        <button type="button" class="button" onClick={() => void download(shown)}>
          <Icon name="download" />
          {t('Download')}
        </button>
      </footer>
    </Dialog>
  );
}

function Whole({ picture }: { readonly picture: Attachment }) {
  const { url, isFailed } = useOpenedFile(picture.url);
  const { width, height, placeholder, fileName } = picture;
  return (
    <div class="stage" aria-busy={!url && !isFailed}>
      {isFailed ? (
        <p class="hint" role="alert">
          {t('The image could not be loaded. It may have been deleted.')}
        </p>
      ) : (
        <img
          src={url ?? placeholder ?? undefined}
          alt={fileName}
          style={{ maxWidth: `${width}px`, maxHeight: `${height}px` }}
        />
      )}
    </div>
  );
}
