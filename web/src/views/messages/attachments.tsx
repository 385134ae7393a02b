import { saveFile, sizeText, type Attachment } from '../../state/files.ts';
import type { Message } from '../../state/timeline.ts';
import { showToast } from '../../state/toasts.ts';
import { Icon } from '../elements/icons.tsx';
import { useOpenedFile } from './use-opened-file.ts';
import { t } from '../../texts/texts.ts';

interface AttachmentsProps {
  readonly attachments: readonly Attachment[];
  readonly tabIndex: number;
  /** Shows a picture in full. If omitted, a click downloads it. */
  readonly onPicture?: (picture: Attachment) => void;
}

const isPicture = ({ thumbnailUrl }: Attachment): boolean => thumbnailUrl !== null;

/** The pictures of a message, in their order. */
export const picturesOf = ({ attachments, deletedAt }: Message): readonly Attachment[] =>
  deletedAt ? [] : attachments.filter(isPicture);

/** The files of a message: pictures with a thumbnail, others with their name and size. */
export function Attachments({ attachments, tabIndex, onPicture }: AttachmentsProps) {
  const pictures = attachments.filter(isPicture);
  const others = attachments.filter((one) => !isPicture(one));
  return (
    <ul class="attachments" aria-label={t('Attachments')}>
      {pictures.map((picture) => (
        <li key={picture.id}>
          <button
            type="button"
            class="picture"
            tabIndex={tabIndex}
            aria-label={t(onPicture ? 'Open {name}' : 'Download {name}', {
              name: picture.fileName,
            })}
            title={picture.fileName}
            onClick={() => (onPicture ? onPicture(picture) : void download(picture))}
          >
            <Thumbnail picture={picture} />
          </button>
        </li>
      ))}
      {others.map((file) => (
        <li key={file.id}>
          <button
            type="button"
            class="file"
            tabIndex={tabIndex}
            aria-label={t('Download {name}', { name: file.fileName })}
            title={file.fileName}
            onClick={() => void download(file)}
          >
            <Icon name="file" />
            <span class="file-what">
              <span class="name" dir="auto">
                {file.fileName}
              </span>
              <small>{sizeText(file.sizeBytes)}</small>
            </span>
            <Icon name="download" />
          </button>
        </li>
      ))}
    </ul>
  );
}

export const download = (attachment: Attachment): Promise<void> =>
  saveFile(attachment).catch(() =>
    showToast(t('The file could not be downloaded. It may have been deleted.'), true),
  );

/** The longest side of a thumbnail in a message, in px. */
const longestSide = 320;
const fileHeight = 66;

function thumbnailSize({ width, height }: Attachment): { width: number; height: number } {
  const scale = Math.min(1, longestSide / Math.max(width ?? 1, height ?? 1));
  return {
    width: Math.max(1, Math.round((width ?? 1) * scale)),
    height: Math.max(1, Math.round((height ?? 1) * scale)),
  };
}

/** The probable height of the files of a message, in px. */
export function heightOfAttachments(attachments: readonly Attachment[]): number {
  const pictures = attachments.filter(isPicture).map((one) => thumbnailSize(one).height);
  const files = attachments.length - pictures.length;
  return (pictures.length > 0 ? Math.max(...pictures) + 12 : 0) + files * fileHeight;
}

/** Has its size from the start, so that nothing moves when the picture arrives. */
function Thumbnail({ picture }: { readonly picture: Attachment }) {
  const { url } = useOpenedFile(picture.thumbnailUrl!);
  return (
    <img
      src={url ?? picture.placeholder ?? undefined}
      alt={picture.fileName}
      {...thumbnailSize(picture)}
    />
  );
}
