import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf, sha256 } from '../support/files.ts';
import { openHarbour, type Harbour } from '../support/sdk.ts';

describe('uploadFile', () => {
  let harbour: Harbour;
  beforeAll(async () => {
    harbour = await openHarbour({ limits: { uploadPartBytes: 1024 * 1024 } });
  });
  afterAll(() => harbour[Symbol.asyncDispose]());

  it('uploads a file, with progress, to be sent and fetched', async () => {
    const { causerie, roomId } = harbour;
    const bytes = bytesOf(3_500_000);
    const progress: number[] = [];
    const attachment = await causerie.uploadFile(new Blob([bytes]), {
      fileName: 'quay.bin',
      onProgress: (stored, total) => progress.push(stored / total),
    });
    expect(attachment).toMatchObject({ fileName: 'quay.bin', sizeBytes: 3_500_000 });
    expect(progress.toSorted((one, other) => one - other)).toEqual(progress);
    expect([progress.length, progress.at(-1)]).toEqual([4, 1]);
    const { message } = await causerie.sendMessage({
      conversationId: roomId,
      body: '',
      attachmentIds: [attachment.id],
    });
    expect(message.attachments).toEqual([attachment]);
    const answer = await causerie.fetch(attachment.url);
    expect(sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(sha256(bytes));
  });

  it('stops when it is aborted, and resumes with the parts that are missing', async () => {
    const { causerie } = harbour;
    const file = new File([bytesOf(8_000_000)], 'quay.bin');
    const stop = new AbortController();
    let uploadId = '';
    await expect(
      causerie.uploadFile(file, {
        signal: stop.signal,
        onStart: (id) => (uploadId = id),
        onProgress: () => stop.abort(new Error('enough')),
      }),
    ).rejects.toThrow('enough');
    const stored: number[] = [];
    await causerie.uploadFile(file, { uploadId, onProgress: (bytes) => stored.push(bytes) });
    expect(await causerie.upload({ id: uploadId })).toBeNull();
    // Nothing was sent twice: each part counts once.
    expect([stored.length, stored.at(-1)]).toEqual([8, 8_000_000]);
  });

  it('survives a connection that is cut', async () => {
    const { causerie, proxy } = harbour;
    const uploading = causerie.uploadFile(new Blob([bytesOf(6_000_000)]), {
      onProgress: () => proxy.cut(),
    });
    expect((await uploading).sizeBytes).toBe(6_000_000);
  });

  it('throws what the server refuses', async () => {
    await expect(harbour.causerie.uploadFile(new Blob([]))).rejects.toMatchObject({
      code: 'INVALID',
      field: 'sizeBytes',
    });
  });
});
