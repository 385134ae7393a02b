import type { Log } from '../log.ts';
import type { LinkSite } from './presence.ts';
import type { PresenceKeys } from './presence-keys.ts';
import type { Peers } from './presence-peers.ts';
import type { PresenceWriter } from './presence-writer.ts';
import { run } from './redis-commands.ts';
import type { RedisConnection } from './redis-connection.ts';
import type { Refusal } from './redis-refusal.ts';

interface Parts {
  readonly site: LinkSite;
  readonly redis: RedisConnection;
  readonly keys: PresenceKeys;
  readonly peers: Peers;
  readonly writer: PresenceWriter;
  readonly refusal: Refusal;
  readonly log: Log;
  isClosed(): boolean;
}

/** The fields of a node's key. Null where the key has none. */
type NodeState = readonly [
  version: string | null,
  connections: string | null,
  whole: string | null,
];

/**
 * Compares what this node knows with Redis, once: its own set, and the version of each other node.
 * Rejects if Redis does not answer.
 */
export function createCheck(parts: Parts): () => Promise<void> {
  const { site, redis, keys, peers, writer, refusal, log, isClosed } = parts;
  const { own, roster, nodeDied } = site;

  /**
   * Checks what Redis has of this node. `before` is the version that was settled when Redis was
   * asked.
   */
  function checkOwn(
    [version, , whole]: NodeState,
    storedUsers: unknown,
    before: number | undefined,
  ): void {
    const isLost = whole === null;
    const isUnchanged = before !== undefined && writer.settledVersion === before;
    const differs = Number(version) !== before || storedUsers !== roster.at(own).size;
    if (isLost || (isUnchanged && differs)) writer.requireRewrite();
  }

  async function checkPeer(node: string, [version, connections]: NodeState): Promise<void> {
    if (version === null) {
      if (refusal.isOn || peers.isAnnounced(node)) peers.excused(node);
      else if (peers.missed(node)) await removeDead(node);
      return;
    }
    peers.seen(node, Number(connections));
    if (peers.versionOf(node) !== Number(version)) await readUsers(node);
  }

  async function readUsers(node: string): Promise<void> {
    const [[version, whole], users] = (await run(
      redis.multi().hmget(keys.node(node), 'version', 'whole').smembers(keys.users(node)),
    )) as [[string | null, string | null], string[]];
    if (version === null || whole === null || isClosed()) return;
    if (peers.versionOf(node) > Number(version)) return;
    peers.setVersion(node, Number(version));
    roster.replace(node, new Set(users));
  }

  async function removeDead(node: string): Promise<void> {
    if (peers.versionOf(node) > 0)
      log.info({ node, users: roster.at(node).size }, 'a node is dead');
    await nodeDied(node, peers.remove(node));
    await redis.srem(keys.nodes, node);
  }

  return async () => {
    const before = writer.settledVersion;
    const nodes = new Set([...(await redis.smembers(keys.nodes)), ...peers.onRoster(), own]);
    const commands = redis.pipeline().scard(keys.users(own));
    for (const node of nodes) commands.hmget(keys.node(node), 'version', 'connections', 'whole');
    const [storedUsers, ...states] = (await run(commands)) as [unknown, ...NodeState[]];
    for (const [index, node] of [...nodes].entries()) {
      if (isClosed()) return;
      if (node === own) checkOwn(states[index]!, storedUsers, before);
      else await checkPeer(node, states[index]!);
    }
  };
}
