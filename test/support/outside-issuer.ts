import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';

export interface OutsideIssuer extends AsyncDisposable {
  readonly jwksUrl: string;
  /** The number of requests for its keys. */
  readonly asked: number;
  /** Publishes a new key and signs with it from now on. The others are withdrawn unless `kept`. */
  rotate(kept?: 'kept'): Promise<void>;
  /** The public key it signs with. */
  readonly publicKey: CryptoKey;
  /** A token signed with its current key. It expires in five minutes unless `exp` is given. */
  sign(claims: JWTPayload, header?: { kid?: string | undefined; alg?: string }): Promise<string>;
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
  /** Answers with this status from now on, or with its keys if no status is given. */
  answerWith(status?: number): void;
  /** Accepts connections and never answers, until `comeBack`. */
  hang(): void;
}

/** An application's issuer with a JWKS endpoint on this machine. */
export async function startOutsideIssuer(alg = 'ES256'): Promise<OutsideIssuer> {
  let published: { kid: string; publicKey: CryptoKey; privateKey: CryptoKey }[] = [];
  let asked = 0;
  let status: number | undefined;
  let isHanging = false;
  let made = 0;
  const server = createServer(async (_request, response) => {
    asked++;
    if (isHanging) return;
    if (status !== undefined) return void response.writeHead(status).end();
    const keys = await Promise.all(
      published.map(async ({ kid, publicKey }) => ({
        ...(await exportJWK(publicKey)),
        kid,
        alg,
        use: 'sig',
      })),
    );
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const rotate = async (kept?: 'kept') => {
    const pair = await generateKeyPair(alg, { extractable: true });
    published = [...(kept ? published : []), { kid: `key-${++made}`, ...pair }];
  };
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const present = () => published.at(-1)!;
  await rotate();
  const port = await listen(0);
  return {
    jwksUrl: `http://127.0.0.1:${port}/keys`,
    get asked() {
      return asked;
    },
    rotate,
    get publicKey() {
      return present().publicKey;
    },
    sign: (claims, header) =>
      new SignJWT({ exp: Math.ceil(Date.now() / 1000) + 300, ...claims })
        .setProtectedHeader({ alg, kid: present().kid, ...header })
        .sign(present().privateKey),
    goDown: close,
    async comeBack() {
      isHanging = false;
      if (!server.listening) await listen(port);
    },
    answerWith: (given) => void (status = given),
    hang: () => void (isHanging = true),
    [Symbol.asyncDispose]: close,
  };
}
