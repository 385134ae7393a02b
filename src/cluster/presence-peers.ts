import type { PresenceHint } from './presence-hint.ts';

/** Another node, as far as this one knows it. Times are in ms since 1970 of this node's clock. */
interface Peer {
  /** The version of its users that the roster has. Undefined until they were read. */
  version?: number;
  /** As its keys in Redis say. Undefined until they were seen. */
  connections?: number;
  lastSeenAt?: number;
  /** When its keys were first found missing. Undefined while they exist. */
  missingSince?: number;
  /** When it announced over the bus that it is alive and cannot write. */
  announcedAt?: number;
}

/** The other nodes, and how each passes from being seen to being missing and to being dead. */
export interface Peers {
  /** The nodes whose users the roster has. */
  onRoster(): string[];
  /** 0 for a node whose users were never read. */
  versionOf(node: string): number;
  setVersion(node: string, version: number): void;
  /** Its keys exist. */
  seen(node: string, connections: number): void;
  /** It published a hint. */
  received(hint: PresenceHint): void;
  /**
   * Its keys are missing, which proves nothing: this node may not conclude it, or the other has
   * announced itself.
   */
  excused(node: string): void;
  /** Whether it has announced itself within the life of a key. */
  isAnnounced(node: string): boolean;
  /**
   * Its keys are missing. Returns whether they have been missing for so long that the node counts
   * as dead.
   */
  missed(node: string): boolean;
  /** Forgets since when keys are missing: only successful checks in a row count. */
  forgetMisses(): void;
  /** Forgets a dead node. Returns when it was last alive. */
  remove(node: string): number;
  statistics(): { readonly connections: number; readonly nodes: number };
}

export function createPeers(leaveGraceMs: number, keyLifeMs: number): Peers {
  const peers = new Map<string, Peer>();

  function update(node: string, change: Peer): void {
    const peer = peers.get(node);
    if (peer) Object.assign(peer, change);
    else peers.set(node, { ...change });
  }

  return {
    onRoster: () =>
      [...peers].filter(([, peer]) => peer.version !== undefined).map(([node]) => node),
    versionOf: (node) => peers.get(node)?.version ?? 0,
    setVersion: (node, version) => update(node, { version }),
    seen(node, connections) {
      const peer = peers.get(node);
      delete peer?.missingSince;
      delete peer?.announcedAt;
      update(node, { connections, lastSeenAt: Date.now() });
    },
    received({ node, isUnwritten }) {
      if (isUnwritten) update(node, { announcedAt: Date.now(), lastSeenAt: Date.now() });
    },
    excused: (node) => void delete peers.get(node)?.missingSince,
    isAnnounced: (node) => Date.now() - (peers.get(node)?.announcedAt ?? -Infinity) < keyLifeMs,
    missed(node) {
      const now = Date.now();
      const { version, missingSince = now } = peers.get(node) ?? {};
      update(node, { missingSince });
      // A node that is not on the roster has no users to wait for.
      return version === undefined || now - missingSince >= leaveGraceMs;
    },
    forgetMisses() {
      for (const peer of peers.values()) delete peer.missingSince;
    },
    remove(node) {
      const { lastSeenAt, missingSince } = peers.get(node) ?? {};
      peers.delete(node);
      return lastSeenAt ?? missingSince ?? Date.now();
    },
    statistics() {
      const counts = [...peers.values()].flatMap(({ connections }) => connections ?? []);
      return {
        connections: counts.reduce((sum, count) => sum + count, 0),
        nodes: counts.length,
      };
    },
  };
}
