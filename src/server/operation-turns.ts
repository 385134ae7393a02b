import type { ClientMessage } from './client-message.ts';

interface Options {
  /**
   * Passes a message to the protocol library. Resolves when the library is done with it: for
   * `subscribe`, when the operation has ended.
   */
  pass(message: ClientMessage): Promise<void>;
  /** Closes the socket because the id of a running operation is used again. */
  refuseDuplicate(operationId: string): void;
}

/** An operation that the library has not finished. */
interface Operation {
  isCompleted: boolean;
  /** The operation that uses the id next, once the client has completed this one. */
  next: ClientMessage | undefined;
}

/**
 * Runs operations with the same id one after another. A client may use an id again as soon as it
 * has sent `complete`, but the protocol library may still be working on the completed operation. It
 * would then run both under one id, and stop at most one of them.
 */
export function createOperationTurns({
  pass,
  refuseDuplicate,
}: Options): (message: ClientMessage) => Promise<void> {
  const operations = new Map<string, Operation>();

  async function subscribe(operationId: string, message: ClientMessage): Promise<void> {
    const running = operations.get(operationId);
    if (running) {
      if (!running.isCompleted || running.next) refuseDuplicate(operationId);
      else running.next = message;
      return;
    }
    for (let current: ClientMessage | undefined = message; current;)
      current = await run(operationId, current);
  }

  /** Returns the message of the operation that uses the id next. */
  async function run(
    operationId: string,
    message: ClientMessage,
  ): Promise<ClientMessage | undefined> {
    const operation: Operation = { isCompleted: false, next: undefined };
    operations.set(operationId, operation);
    try {
      await pass(message);
      return operation.next;
    } finally {
      operations.delete(operationId);
    }
  }

  function complete(operationId: string, message: ClientMessage): Promise<void> {
    const running = operations.get(operationId);
    if (running) {
      running.isCompleted = true;
      running.next = undefined;
    }
    return pass(message);
  }

  return (message) => {
    if (typeof message.id !== 'string') return pass(message);
    if (message.type === 'subscribe') return subscribe(message.id, message);
    if (message.type === 'complete') return complete(message.id, message);
    return pass(message);
  };
}
