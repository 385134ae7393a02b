/**
 * The kinds of hints that nodes exchange. A hint survives JSON. The file that publishes a kind adds
 * it by `declare module`.
 */
export interface Hints {}

/**
 * Carries hints between nodes. A hint may be lost, repeated or late, and nobody waits for it: the
 * log has the truth. A node does not receive its own hints.
 */
export interface Bus extends AsyncDisposable {
  /**
   * Sends a hint to the other nodes. The hints of a node arrive in their order while the bus is up.
   * Never throws, never waits.
   */
  publish<Kind extends keyof Hints>(kind: Kind, hint: Hints[Kind]): void;
  /** Receives the hints of the other nodes. The listener must not throw. */
  listen<Kind extends keyof Hints>(kind: Kind, listener: (hint: Hints[Kind]) => void): void;
  /** Runs whenever the bus is up again. Hints that were published while it was down are lost. */
  onReturn(listener: () => void): void;
  readonly isUp: boolean;
}
