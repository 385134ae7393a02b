import { decode, readAuthority, readCredentials, readParameters, readPort } from './url-parts.ts';

/**
 * A server that DATABASE_URL names. A host that starts with `/` is the directory of a Unix socket.
 */
export interface DatabaseServer {
  readonly host: string;
  readonly port: number;
}

const tlsModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type TlsMode = (typeof tlsModes)[number];

const channelBindings = ['disable', 'prefer', 'require'] as const;
/** Whether the password is bound to the TLS connection, so that no server in between can use it. */
export type ChannelBinding = (typeof channelBindings)[number];

/**
 * A connection URL with the meaning that libpq gives it, as far as a database that is written to
 * allows.
 */
export interface DatabaseUrl {
  /** In the order in which they are tried. */
  readonly servers: readonly DatabaseServer[];
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  /** Whether only a server that accepts writes will do. */
  readonly mustBeWritable: boolean;
  readonly tls: {
    readonly mode: TlsMode;
    /** Paths of files in PEM format. `rootCertificate` can also be `system`. */
    readonly rootCertificate: string | undefined;
    readonly certificate: string | undefined;
    readonly key: string | undefined;
  };
  readonly channelBinding: ChannelBinding;
  readonly connectTimeoutMs: number | undefined;
  readonly applicationName: string | undefined;
  /** Start-up options of the session, such as `-c search_path=chat`. */
  readonly options: string | undefined;
}

const parameters = [
  'host',
  'port',
  'user',
  'password',
  'dbname',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'channel_binding',
  'target_session_attrs',
  'connect_timeout',
  'application_name',
  'options',
];
const form = /^postgres(?:ql)?:\/\/(?:([^@/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/;
const defaultPort = '5432';

/**
 * Throws an Error whose message completes a sentence that begins with `DATABASE_URL`. The message
 * never contains the password.
 */
export function parseDatabaseUrl(text: string): DatabaseUrl {
  const parts = form.exec(text);
  if (!parts) throw new Error('is not a URL such as postgresql://user:password@host:5432/database');
  const [, credentials = '', authority = '', path = '', query = ''] = parts;
  const given = readParameters(query, parameters);
  const [user, password] = readCredentials(credentials);
  const pairs = readAuthority(authority);
  const servers = pairServers(
    given.host?.split(',') ?? pairs.map(({ host = '' }) => host),
    given.port?.split(',') ?? pairs.map(({ port }) => port),
  );
  const mode = oneOf('sslmode', given.sslmode ?? 'disable', tlsModes);
  if (mode === 'verify-ca' && (given.sslrootcert ?? 'system') === 'system')
    throw new Error(
      'has sslmode=verify-ca without the path of a certificate authority: add sslrootcert=/path/to/ca.pem, or use sslmode=verify-full',
    );
  const channelBinding = oneOf(
    'channel_binding',
    given.channel_binding ?? 'disable',
    channelBindings,
  );
  if (channelBinding === 'require' && ['disable', 'allow', 'prefer'].includes(mode))
    throw new Error(
      'has channel_binding=require, which needs TLS: add sslmode=require or sslmode=verify-full',
    );
  return {
    servers,
    user: given.user ?? user,
    password: given.password ?? password,
    database: given.dbname ?? decode(path),
    mustBeWritable: mustBeWritable(given.target_session_attrs, servers.length),
    tls: {
      mode,
      rootCertificate: given.sslrootcert,
      certificate: given.sslcert,
      key: given.sslkey,
    },
    channelBinding,
    connectTimeoutMs: readTimeout(given.connect_timeout),
    applicationName: given.application_name,
    options: given.options,
  };
}

/** The servers of a URL, for messages. */
export const nameServers = ({ servers }: DatabaseUrl): string =>
  servers.map(({ host, port }) => (host.startsWith('/') ? host : `${host}:${port}`)).join(', ');

function pairServers(hosts: readonly string[], ports: readonly string[]): DatabaseServer[] {
  if (ports.length !== 1 && ports.length !== hosts.length)
    throw new Error(`has ${hosts.length} hosts but ${ports.length} ports`);
  return hosts.map((host, place) => {
    const text = (ports.length === 1 ? ports[0] : ports[place]) || defaultPort;
    return { host: host || 'localhost', port: readPort(text) };
  });
}

/** With several servers only the one that accepts writes is of use, so that is the default. */
function mustBeWritable(attributes: string | undefined, servers: number): boolean {
  const wanted = attributes ?? (servers > 1 ? 'read-write' : 'any');
  return oneOf('target_session_attrs', wanted, ['any', 'read-write', 'primary']) !== 'any';
}

function readTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new Error(`has connect_timeout=${text}: use a number of seconds from 1 to 9999`);
  return Number(text) * 1000;
}

function oneOf<Value extends string>(
  name: string,
  given: string,
  allowed: readonly Value[],
): Value {
  const value = allowed.find((one) => one === given);
  if (value === undefined)
    throw new Error(`has ${name}=${given}: use one of ${allowed.join(', ')}`);
  return value;
}
