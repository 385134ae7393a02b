/** So many users may a message mention. */
export const mentionsMax = 50;
/** What an e-mail address has before its @ is no mention; nor is the beginning of a longer word, nor a dot or dash that ends a sentence. */
const mention = /(?<![\p{L}\p{N}_+%-])@([A-Za-z0-9_.-]*[A-Za-z0-9_])(?![\p{L}\p{N}\p{M}])/gu;

/** The usernames that a body mentions as @username, whether they exist or not: each once, in order, in lower case, the first 50. */
export function findMentions(body: string): string[] {
  const names = new Set<string>();
  for (const [, name] of body.matchAll(mention)) {
    if (name!.length >= 2 && name!.length <= 32) names.add(name!.toLowerCase());
    if (names.size === mentionsMax) break;
  }
  return [...names];
}
