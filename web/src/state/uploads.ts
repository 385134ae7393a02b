import { isCauserieError } from '@causerie/client';
import { signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { t } from '../texts/texts.ts';
import { sizeText, type Attachment } from './files.ts';
import type { Kept } from './kept.ts';
import { newKey } from './new-key.ts';
import { serverInfo } from './server-info.ts';
import { reasonOf, showToast } from './toasts.ts';

/** A file that the viewer has chosen for the next message. */
export interface ChosenFile {
  readonly key: string;
  readonly name: string;
  readonly sizeBytes: number;
  /** Undefined for a file that was uploaded before the page was reloaded. */
  readonly file: File | undefined;
  readonly storedBytes: number;
  /** Undefined until the file is uploaded. */
  readonly attachment: Attachment | undefined;
  /** Why the upload failed. */
  readonly refusal: string | undefined;
}

export interface Uploads {
  readonly files: ReadonlySignal<readonly ChosenFile[]>;
  /** Starts to upload files. Those beyond the limit of a message are left out, with a toast. */
  add(files: readonly File[]): void;
  /** Continues a failed upload. */
  retry(key: string): void;
  remove(key: string): void;
  /** Takes all files for a message. They must be uploaded. */
  take(): readonly Attachment[];
}

export const isUploading = ({ attachment, refusal }: ChosenFile): boolean =>
  !attachment && refusal === undefined;

/** Whether another try may succeed. A file of a wrong size is refused again. */
export const canRetry = ({ file, refusal }: ChosenFile): boolean =>
  refusal !== undefined && file !== undefined && sizeRefusal(file.size) === undefined;

/** The limit of the API, until the server has told its own. */
const defaultMaxFiles = 10;

/** The files for the next message of a conversation. Uploaded ones survive a reload [P18]. */
export function createUploads(kept: Kept, ended: AbortSignal): Uploads {
  const files = signal<readonly ChosenFile[]>(kept.draft().attachments.map(toChosen));
  const removed = new Map<string, AbortController>();
  const uploadIds = new Map<string, string>();
  // One file after another, so that the first ones are ready early.
  let queue = Promise.resolve();

  const find = (key: string) => files.value.find((one) => one.key === key);

  function change(key: string, changes: Partial<ChosenFile>): void {
    files.value = files.value.map((one) => (one.key === key ? { ...one, ...changes } : one));
  }

  function keep(): void {
    if (ended.aborted) return;
    kept.keepDraft({ attachments: files.value.flatMap(({ attachment }) => attachment ?? []) });
  }

  function start(key: string): void {
    const controller = new AbortController();
    removed.set(key, controller);
    queue = queue.then(() => upload(key, AbortSignal.any([ended, controller.signal])));
  }

  async function upload(key: string, signal: AbortSignal): Promise<void> {
    const file = find(key)?.file;
    if (!file || signal.aborted) return;
    try {
      const attachment = await causerie.uploadFile(file, {
        uploadId: uploadIds.get(key),
        onStart: (uploadId) => uploadIds.set(key, uploadId),
        onProgress: (storedBytes) => change(key, { storedBytes }),
        signal,
      });
      if (signal.aborted) return;
      change(key, { attachment });
      keep();
    } catch (error) {
      if (!signal.aborted) change(key, { refusal: uploadFailure(error) });
    }
  }

  return {
    files,
    add(chosen) {
      const max = serverInfo.value?.limits.attachmentsPerMessage ?? defaultMaxFiles;
      const free = Math.max(0, max - files.value.length);
      if (chosen.length > free)
        showToast(t('A message can have up to {count} files.', { count: max }), true);
      const added = chosen.slice(0, free).map(toUnsent);
      files.value = [...files.value, ...added];
      for (const { key, refusal } of added) if (refusal === undefined) start(key);
    },
    retry(key) {
      change(key, { refusal: undefined });
      start(key);
    },
    remove(key) {
      removed.get(key)?.abort();
      files.value = files.value.filter((one) => one.key !== key);
      keep();
    },
    take() {
      const attachments = files.value.flatMap(({ attachment }) => attachment ?? []);
      files.value = [];
      keep();
      return attachments;
    },
  };
}

const toChosen = (attachment: Attachment): ChosenFile => ({
  key: attachment.id,
  name: attachment.fileName,
  sizeBytes: attachment.sizeBytes,
  file: undefined,
  storedBytes: attachment.sizeBytes,
  attachment,
  refusal: undefined,
});

const toUnsent = (file: File): ChosenFile => ({
  key: newKey(),
  name: file.name,
  sizeBytes: file.size,
  file,
  storedBytes: 0,
  attachment: undefined,
  refusal: sizeRefusal(file.size),
});

/** Why a file of this size cannot be sent. Undefined if it can. */
function sizeRefusal(size: number): string | undefined {
  const max = serverInfo.value?.limits.attachmentMaxBytes ?? Infinity;
  if (size > max)
    return t('This file is too large. A file can have up to {size}.', { size: sizeText(max) });
  return size === 0 ? t('This file is empty.') : undefined;
}

function uploadFailure(error: unknown): string {
  if (!isCauserieError(error)) return t('This file could not be read. Choose it again.');
  if (error.code === 'CONFLICT')
    return t('Your files use all your space on this server. Delete messages with files first.');
  if (error.code === 'UNAVAILABLE') return t('The upload was interrupted.');
  return reasonOf(error);
}
