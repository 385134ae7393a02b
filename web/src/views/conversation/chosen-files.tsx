import { useEffect, useState } from 'preact/hooks';
import { sizeText } from '../../state/files.ts';
import { canRetry, isUploading, type ChosenFile, type Uploads } from '../../state/uploads.ts';
import { Icon } from '../elements/icons.tsx';
import { t } from '../../texts/texts.ts';

interface ChosenFilesProps {
  readonly uploads: Uploads;
  /** A file was removed, and with it the button that had the focus. */
  readonly onRemoved: () => void;
}

/** The files of the message that is being written, with the progress of their upload. */
export function ChosenFiles({ uploads, onRemoved }: ChosenFilesProps) {
  const files = uploads.files.value;
  const uploadingCount = files.filter(isUploading).length;
  return (
    <>
      <ul class="chosen" aria-label={t('Files to send')}>
        {files.map((one) => (
          <Chosen
            key={one.key}
            one={one}
            onRetry={() => uploads.retry(one.key)}
            onRemove={() => {
              uploads.remove(one.key);
              onRemoved();
            }}
          />
        ))}
      </ul>
      <p class="unseen" role="status">
        {uploadingCount > 0
          ? t('{count} files are uploading.', { count: uploadingCount })
          : files.length > 0 && t('{count} files are ready to send.', { count: files.length })}
      </p>
    </>
  );
}

interface ChosenProps {
  readonly one: ChosenFile;
  readonly onRetry: () => void;
  readonly onRemove: () => void;
}

function Chosen({ one, onRetry, onRemove }: ChosenProps) {
  const { name, sizeBytes, storedBytes, refusal } = one;
  return (
    <li class={refusal === undefined ? undefined : 'is-refused'}>
      <Preview one={one} />
      <span class="chosen-what">
        <strong dir="auto" title={name}>
          {name}
        </strong>
        {refusal === undefined ? (
          <small>{sizeText(sizeBytes)}</small>
        ) : (
          <small role="alert">{refusal}</small>
        )}
        {isUploading(one) && (
          <progress
            aria-label={t('Upload of {name}', { name })}
            max={sizeBytes}
            value={storedBytes}
          />
        )}
        {canRetry(one) && (
          <button type="button" class="link" onClick={onRetry}>
            {t('Try again')}
          </button>
        )}
      </span>
      <button
        type="button"
        class="plain"
        aria-label={t('Remove {name}', { name })}
        title={t('Remove')}
        onClick={onRemove}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}

/** Larger pictures are not decoded for a preview. */
const previewMaxBytes = 20_000_000;

function Preview({ one: { file, attachment } }: { readonly one: ChosenFile }) {
  const [url, setUrl] = useState<string>();
  const isPicture = file && file.type.startsWith('image/') && file.size <= previewMaxBytes;
  useEffect(() => {
    if (!isPicture) return undefined;
    const local = URL.createObjectURL(file);
    setUrl(local);
    return () => URL.revokeObjectURL(local);
  }, [file]);
  const shown = url ?? attachment?.placeholder;
  return (
    <span class="chosen-preview">
      {shown ? <img src={shown} alt="" onError={() => setUrl(undefined)} /> : <Icon name="file" />}
    </span>
  );
}
