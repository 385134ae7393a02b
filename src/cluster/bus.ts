/**
 * A doorbell between nodes. What is published may be lost, doubled or late, and nobody waits for it: whoever needs to know for certain
 * reads the log. A node does not hear itself.
 */
export interface Bus extends AsyncDisposable {
  /** Tells the other nodes. Messages with one key keep their order among themselves while the bus is up. Never throws, never waits. */
  publish(key: string, message: unknown): void;
  /** Hears the other nodes. The listener must not throw. */
  listen(listener: (message: unknown) => void): void;
  /** Runs whenever the bus carries messages again after it was away: what was published meanwhile was not heard. */
  onReturn(listener: () => void): void;
  readonly isUp: boolean;
}
