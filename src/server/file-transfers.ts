import { createBudget } from '../budget.ts';
import { rateLimited, unavailable } from '../errors.ts';
import type { Node } from '../scope.ts';

/** How many files pass through a node at once, for each user and for all of them [P13]. */
export interface FileTransfers {
  /** Counts a transfer until `work` has ended. RATE_LIMITED or UNAVAILABLE if they are too many. */
  count(holder: string, work: () => Promise<void>): Promise<void>;
}

export function createFileTransfers({ config, metrics }: Node): FileTransfers {
  const { fileTransfersPerUser, fileTransfers } = config.limits;
  const budget = createBudget<string>({
    name: 'file-transfers',
    perHolder: fileTransfersPerUser,
    total: fileTransfers,
    metrics,
  });
  return {
    async count(holder, work) {
      const taken = budget.take(holder, 1);
      if (taken === 'holder')
        throw rateLimited(
          `You are transferring ${fileTransfersPerUser} files already. Wait until one is done.`,
          1000,
        );
      if (taken === 'total')
        throw unavailable('This server is transferring too many files. Try again in a moment.');
      try {
        await work();
      } finally {
        budget.giveBack(holder, 1);
      }
    },
  };
}
