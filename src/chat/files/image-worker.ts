import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unavailable } from '../../errors.ts';
import { createFairTurns } from '../../fair-turns.ts';
import type { NodeCore } from '../../scope.ts';
import type { ReadImage, ReadImageAt } from './image-reader.ts';

export interface ImageWorker {
  /**
   * Reads the image that `fetch` stores at the given path, and passes the results to `use`. Returns
   * undefined if it is not such an image. INVALID if it has too many pixels or takes too long,
   * UNAVAILABLE if too many images wait.
   */
  read<Result>(
    ownerId: string,
    contentType: string,
    fetch: (path: string) => Promise<void>,
    use: (image: ReadImage) => Promise<Result>,
  ): Promise<Result | undefined>;
}

declare module '../../scope.ts' {
  interface Services {
    readonly imageWorker: ImageWorker;
  }
}

/**
 * Reads images one at a time in a thread of libuv, outside of the event loop. Pixels, time and
 * memory are bounded: a small file that unpacks to a huge image is refused [P13].
 */
export function createImageWorker({ config, metrics }: NodeCore): ImageWorker {
  const { imageMaxPixels, imagesWaiting, imagesWaitingPerUser } = config.limits;
  // The library is loaded with the first image, because loading it takes a tenth of a start.
  let readImage: Promise<ReadImageAt> | undefined;
  const loadReader = () =>
    (readImage ??= import('./image-reader.ts').then(({ createImageReader }) =>
      createImageReader(imageMaxPixels),
    ));
  const turns = createFairTurns({
    name: 'images',
    metrics,
    running: 1,
    runningPerHolder: 1,
    waiting: imagesWaiting,
    waitingPerHolder: imagesWaitingPerUser,
    refusalOf: () =>
      unavailable('Too many images are being read. Complete the upload again in a moment.'),
  });

  return {
    read: (ownerId, contentType, fetch, use) =>
      turns.run({ holder: ownerId }, async () => {
        const directory = await mkdtemp(join(tmpdir(), 'causerie-image-'));
        try {
          const path = join(directory, 'image');
          await fetch(path);
          const image = await (await loadReader())(path, contentType);
          return image && (await use(image));
        } finally {
          await rm(directory, { recursive: true, force: true });
        }
      }),
  };
}
