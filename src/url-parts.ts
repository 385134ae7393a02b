// Parts that the URLs of PostgreSQL and Redis have in common. URL of the platform refuses several
// hosts. The messages of errors complete a sentence that begins with the name of the setting.

/** The parameters of a query, without empty ones. Throws for one that is not supported. */
export function readParameters(
  query: string,
  supported: readonly string[],
): Record<string, string | undefined> {
  const given = Object.fromEntries(new URLSearchParams(query.replaceAll('+', '%2B')));
  const unknown = Object.keys(given).filter((name) => !supported.includes(name));
  if (unknown.length > 0)
    throw new Error(
      `has the parameter ${unknown.join(', ')}, which has no effect here: remove it. Supported are ${supported.join(', ')}`,
    );
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
}

/** The user and the password of `user:password`. */
export function readCredentials(text: string): (string | undefined)[] {
  const [, user = '', password = ''] = /^([^:]*):?(.*)$/s.exec(text) ?? [];
  return [decode(user), decode(password)];
}

/** The hosts and ports of `host:port,host:port`. IPv6 addresses stand in brackets. */
export const readAuthority = (authority: string) =>
  authority.split(',').map((pair) => {
    const [, host = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(pair) ?? [];
    return { host: decode(host.replace(/^\[(.*)\]$/, '$1')), port };
  });

export function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw new Error(`has the port ${text}: use a number from 1 to 65535`);
  return port;
}

/** Undefined if the text is empty. */
export function decode(text: string): string | undefined {
  try {
    return text === '' ? undefined : decodeURIComponent(text);
  } catch {
    throw new Error('has a % that does not begin an encoded character: write it as %25');
  }
}
