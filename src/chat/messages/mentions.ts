/** The number of users that a message can mention. */
export const mentionsMax = 50;
/**
 * Excludes e-mail addresses and the beginnings of longer words. A dot or dash at the end of a
 * sentence is not part of the name.
 */
const mention = /(?<![\p{L}\p{N}_+%-])@([A-Za-z0-9_.-]*[A-Za-z0-9_])(?![\p{L}\p{N}\p{M}])/gu;

/**
 * The first 50 usernames that a body mentions as @username: each once, in order, in lower case.
 * Some may not exist.
 */
export function findMentions(body: string): string[] {
  const names = new Set<string>();
  for (const [, name] of body.matchAll(mention)) {
    if (name!.length >= 2 && name!.length <= 32) names.add(name!.toLowerCase());
    if (names.size === mentionsMax) break;
  }
  return [...names];
}
