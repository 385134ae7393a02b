import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { bytesOf, sha256 } from '../support/files.ts';
import { startS3, type S3Server } from '../support/s3.ts';
import { openHarbour, type Harbour } from '../support/sdk.ts';

const partBytes = 1024 * 1024;

describe.each([
  { store: 'the disk', s3: undefined, resumes: true },
  { store: 'an S3 server', s3: { listsParts: true }, resumes: true },
  { store: 'an S3 server that cannot list parts', s3: { listsParts: false }, resumes: false },
])('an upload to $store', ({ s3: options, resumes }) => {
  let s3: S3Server | undefined;
  let s3Proxy: FaultProxy | undefined;
  let harbour: Harbour;
  beforeAll(async () => {
    s3 = options && (await startS3(options));
    s3Proxy = s3 && (await startFaultProxy(Number(new URL(s3.settings.S3_ENDPOINT!).port)));
    harbour = await openHarbour({
      limits: { uploadPartBytes: partBytes },
      settings: s3Proxy && {
        ...s3!.settings,
        S3_ENDPOINT: `http://127.0.0.1:${s3Proxy.port}`,
      },
    });
  });
  afterAll(async () => {
    await harbour[Symbol.asyncDispose]();
    await s3Proxy?.[Symbol.asyncDispose]();
    await s3?.[Symbol.asyncDispose]();
  });

  it('that is cut five times, and resumed by its id each time, arrives whole', async () => {
    const { causerie, proxy } = harbour;
    const file = new File([bytesOf(12 * partBytes + 5)], 'quay.bin');
    let uploadId: string | undefined;
    let storedAtOnce = 0;
    for (let cut = 1; cut <= 5; cut++) {
      const stop = new AbortController();
      let isSending = false;
      const uploading = causerie.uploadFile(file, {
        uploadId,
        signal: stop.signal,
        onStart: (id) => {
          uploadId = id;
          queueMicrotask(() => (isSending = true));
        },
        onProgress: () => {
          if (!isSending) return void storedAtOnce++;
          // Two other parts are on their way at this moment.
          (s3Proxy ?? proxy).cut();
          stop.abort(new Error(`cut ${cut}`));
        },
      });
      await expect(uploading).rejects.toThrow(`cut ${cut}`);
    }
    // What was stored before is not sent again, if the store can tell.
    expect(storedAtOnce > 0).toBe(resumes);
    const { url, sizeBytes } = await causerie.uploadFile(file, { uploadId });
    expect(sizeBytes).toBe(file.size);
    const answer = await causerie.fetch(url);
    expect(sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(
      sha256(new Uint8Array(await file.arrayBuffer())),
    );
  });

  it('goes on by itself after each of five cuts', async () => {
    const { causerie, proxy } = harbour;
    const file = new File([bytesOf(10 * partBytes)], 'quay.bin');
    let cuts = 0;
    const stored: number[] = [];
    const { sizeBytes } = await causerie.uploadFile(file, {
      onProgress: (bytes) => {
        stored.push(bytes);
        if (stored.length % 2 === 0 && cuts < 5) {
          cuts += 1;
          (s3Proxy ?? proxy).cut();
        }
      },
    });
    expect([cuts, sizeBytes, stored.length]).toEqual([5, file.size, 10]);
  });
});
