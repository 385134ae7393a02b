/**
 * The part of a WebSocket that the client uses. That of browsers, of Node, and of the package `ws`
 * have it.
 */
export interface WebSocketLike {
  readonly readyState: number;
  send(data: string): void;
  close(code?: number): void;
  addEventListener(type: 'close' | 'error', listener: () => void): void;
  /** Only in the package `ws`. */
  terminate?(): void;
}

export type WebSocketClass = new (
  address: string | URL,
  protocols?: string | string[],
) => WebSocketLike;
