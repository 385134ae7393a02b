import { createBudget } from '../budget.ts';
import { rateLimited, unavailable } from '../errors.ts';
import type { Node } from '../scope.ts';

/**
 * How many files pass through a node at once: for each user, for each address, because anybody can
 * have many accounts, and for all [P13].
 */
export interface FileTransfers {
  /** Counts a transfer until `work` has ended. RATE_LIMITED or UNAVAILABLE if they are too many. */
  count(client: TransferClient, work: () => Promise<void>): Promise<void>;
}

export interface TransferClient {
  /** The user, or what shares a bound like one. */
  readonly holder: string;
  readonly address: string;
}

export function createFileTransfers({ config, metrics }: Node): FileTransfers {
  const { fileTransfersPerUser, fileTransfersPerAddress, fileTransfers } = config.limits;
  const users = createBudget<string>({
    name: 'file_transfers',
    perHolder: fileTransfersPerUser,
    total: fileTransfers,
    metrics,
  });
  const addresses = createBudget<string>({
    name: 'address_file_transfers',
    perHolder: fileTransfersPerAddress,
    total: Infinity,
    metrics,
  });

  async function countUser(holder: string, work: () => Promise<void>): Promise<void> {
    const taken = users.take(holder, 1);
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
      users.giveBack(holder, 1);
    }
  }

  return {
    async count({ holder, address }, work) {
      if (addresses.take(address, 1) !== 'taken')
        throw rateLimited(
          `Clients at your address are transferring ${fileTransfersPerAddress} files already. Wait until one is done.`,
          1000,
        );
      try {
        await countUser(holder, work);
      } finally {
        addresses.giveBack(address, 1);
      }
    },
  };
}
