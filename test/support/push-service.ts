import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  hkdfSync,
  randomBytes,
  verify,
} from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedPush {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly at: number;
}

type Answer = number | { readonly status: number; readonly headers: Record<string, string> };

/** A push service (RFC 8030) on this machine. */
export interface PushService extends AsyncDisposable {
  readonly url: string;
  /** The requests that it accepted. */
  readonly accepted: ReceivedPush[];
  /** The requests with any answer. */
  readonly received: ReceivedPush[];
  answerWith(answer: (push: ReceivedPush) => Answer | Promise<Answer>): void;
}

export async function startPushService(): Promise<PushService> {
  const accepted: ReceivedPush[] = [];
  const received: ReceivedPush[] = [];
  let decide: (push: ReceivedPush) => Answer | Promise<Answer> = () => 201;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const push = {
      path: request.url!,
      headers: request.headers,
      body: Buffer.concat(chunks),
      at: Date.now(),
    };
    received.push(push);
    const answer = await decide(push);
    const { status, headers } =
      typeof answer === 'number' ? { status: answer, headers: {} } : answer;
    if (status < 300) accepted.push(push);
    response.writeHead(status, headers).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accepted,
    received,
    answerWith(answer) {
      decide = answer;
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The content of a push as the server writes it. */
export interface PushPayload {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly message: string;
  readonly conversationId?: string;
  readonly conversationKind?: string;
  readonly seq?: number;
}

/** A browser with a subscription at a push service. */
export interface TestBrowser {
  readonly subscription: { endpoint: string; p256dh: string; auth: string };
  /** The requests to this browser that the push service accepted, decrypted. */
  pushes(): PushPayload[];
}

export function openBrowser(service: Pick<PushService, 'url' | 'accepted'>): TestBrowser {
  const ecdh = createECDH('prime256v1');
  const publicKey = ecdh.generateKeys();
  const auth = randomBytes(16);
  const path = `/push/${randomBytes(12).toString('hex')}`;
  return {
    subscription: {
      endpoint: service.url + path,
      p256dh: publicKey.toString('base64url'),
      auth: auth.toString('base64url'),
    },
    pushes: () =>
      service.accepted
        .filter((push) => push.path === path)
        .map(({ body }) => JSON.parse(decrypt(body, ecdh, publicKey, auth)) as PushPayload),
  };
}

/** Decrypts a body with `aes128gcm` as RFC 8291, section 3.4, and RFC 8188, section 2, say. */
function decrypt(
  body: Buffer,
  ecdh: ReturnType<typeof createECDH>,
  ownKey: Buffer,
  auth: Buffer,
): string {
  const salt = body.subarray(0, 16);
  const recordSize = body.readUInt32BE(16);
  const keyLength = body[20]!;
  const serverKey = body.subarray(21, 21 + keyLength);
  const record = body.subarray(21 + keyLength);
  if (record.length > recordSize) throw new Error('more than one record');
  const derive = (secret: Buffer, from: Buffer, info: Buffer, bytes: number) =>
    Buffer.from(hkdfSync('sha256', secret, from, info, bytes));
  const keyInfo = Buffer.concat([Buffer.from('WebPush: info\0'), ownKey, serverKey]);
  const secret = derive(ecdh.computeSecret(serverKey), auth, keyInfo, 32);
  const key = derive(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = derive(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  return padded.subarray(0, padded.lastIndexOf(2)).toString();
}

/** Verifies the signature of a request (RFC 8292), and returns the claims of its token. */
export function verifiedClaims({ headers }: ReceivedPush, publicKey: string) {
  const [, token, key] = /^vapid t=([^,]+), ?k=(.+)$/.exec(String(headers.authorization))!;
  if (key !== publicKey) throw new Error('signed with another key');
  const point = Buffer.from(publicKey, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) =>
    part.toString('base64url'),
  );
  const jwk = { kty: 'EC', crv: 'P-256', x: x!, y: y! };
  const signed = token!.slice(0, token!.lastIndexOf('.'));
  const signature = Buffer.from(token!.split('.')[2]!, 'base64url');
  const verifier = {
    key: createPublicKey({ format: 'jwk', key: jwk }),
    dsaEncoding: 'ieee-p1363',
  } as const;
  if (!verify('sha256', Buffer.from(signed), verifier, signature))
    throw new Error('not a valid signature');
  return JSON.parse(Buffer.from(token!.split('.')[1]!, 'base64url').toString());
}
