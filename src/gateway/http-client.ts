import { lookup as systemLookup } from 'node:dns';
import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { ResolveName } from './network-resolver.ts';
import { isPrivateAddress } from './private-addresses.ts';

/** The answer of a server. */
export interface Answer {
  readonly status: number;
  /** At most `answerMaxBytes`. */
  readonly body: Buffer;
  /** The header `Retry-After`. */
  readonly retryAfter: string | undefined;
}

export interface HttpClient {
  /**
   * Sends a request, with JSON unless the headers say otherwise. Follows no redirect. Rejects with
   * a RequestError if there is no whole answer in time, or the signal ends it.
   */
  post(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string | Buffer,
    ending?: AbortSignal,
  ): Promise<Answer>;
  close(): void;
}

/** A request without an answer. The message can be shown to operators. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

/** The address is in a private network, and is never called. */
export class PrivateAddressError extends RequestError {}

interface Options {
  /** Whether addresses in private networks may be called. */
  readonly allowsPrivate: boolean;
  /** The setting that permits it; undefined if they always may. */
  readonly setting?: string;
  /** The time for the whole exchange, with the name resolution. */
  readonly timeoutMs: number;
  readonly answerMaxBytes: number;
  /** Resolves names; by default as the system does, which is for names that operators choose. */
  readonly resolve?: ResolveName;
}

const idleSocketMs = 10_000;
/** Enough for the bursts of the message gate: a connection costs several times a request. */
const idleSocketsMax = 256;

/**
 * The client for URLs that users, backends and admins choose, and for the message gate. It checks
 * each address that a name resolves to, in the same step in which the connection is made, so a name
 * cannot change in between (DNS rebinding). A kept connection goes to the address that was checked.
 */
export function createHttpClient({
  allowsPrivate,
  setting = '',
  timeoutMs,
  answerMaxBytes,
  resolve = systemLookup,
}: Options): HttpClient {
  const lookup: LookupFunction = (hostname, options, callback) =>
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const refused = addresses?.find(({ address }) => !mayCall(address));
      if (error) callback(error, '');
      else if (refused) callback(privateAddress(hostname, setting), '');
      else if (options.all) callback(null, addresses);
      else callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  const mayCall = (address: string) => allowsPrivate || !isPrivateAddress(address);
  const agentOptions = { keepAlive: true, timeout: idleSocketMs, maxFreeSockets: idleSocketsMax };
  const agents = { http: new HttpAgent(agentOptions), https: new HttpsAgent(agentOptions) };

  function send(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string | Buffer,
    signal: AbortSignal,
  ): Promise<Answer> {
    const isSecure = url.protocol === 'https:';
    return new Promise<Answer>((fulfil, reject) => {
      const request = (isSecure ? requestHttps : requestHttp)(url, {
        method: 'POST',
        agent: isSecure ? agents.https : agents.http,
        lookup,
        signal,
        headers: {
          'content-type': 'application/json',
          ...headers,
          'content-length': String(Buffer.byteLength(body)),
        },
      });
      request.once('error', (error: NodeJS.ErrnoException) => {
        // The server closed an idle connection at this moment, and did not get the request.
        const isIdleClosed = request.reusedSocket && error.code === 'ECONNRESET';
        if (isIdleClosed) send(url, headers, body, signal).then(fulfil, reject);
        else reject(error);
      });
      request.once('response', (response) =>
        readAnswer(response, answerMaxBytes).then(fulfil, reject),
      );
      request.end(body);
    });
  }

  return {
    async post(address, headers, body, ending) {
      const url = new URL(address);
      // A literal address is not looked up.
      const host = url.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) && !mayCall(host)) throw privateAddress(host, setting);
      const exchange = new AbortController();
      let isLate = false;
      const end = () => exchange.abort();
      const timer = setTimeout(() => {
        isLate = true;
        end();
      }, timeoutMs);
      // Not `AbortSignal.any`: Node 20 keeps a reference to each signal that it makes.
      ending?.addEventListener('abort', end);
      if (ending?.aborted) end();
      try {
        return await send(url, headers, body, exchange.signal);
      } catch (error) {
        throw explain(error as Error, isLate, timeoutMs);
      } finally {
        clearTimeout(timer);
        ending?.removeEventListener('abort', end);
      }
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/** Reads an answer up to the limit. The connection of a longer one is closed. */
async function readAnswer(response: IncomingMessage, maxBytes: number): Promise<Answer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes >= maxBytes) break;
  }
  return {
    status: response.statusCode!,
    body: Buffer.concat(chunks).subarray(0, maxBytes),
    retryAfter: response.headers['retry-after'],
  };
}

const privateAddress = (host: string, setting: string) =>
  new PrivateAddressError(
    `${host} is in a private network. Use a public address, or set ${setting}=on.`,
  );

function explain(error: Error, isLate: boolean, timeoutMs: number): RequestError {
  if (error instanceof RequestError) return error;
  if (isLate) return new RequestError(`There was no answer within ${timeoutMs / 1000} s.`);
  const { code = error.message } = error as NodeJS.ErrnoException;
  return new RequestError(`The connection failed (${code}).`);
}
