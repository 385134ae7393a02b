import { createECDH } from 'node:crypto';
import webPush from 'web-push';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { StartError } from '../errors.ts';
/** The keys with which this server identifies itself to push services (VAPID, RFC 8292). */
export interface PushKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

const secretName = 'vapid';

/**
 * The keys of the setting, or those in the database, which the first node makes. So all nodes use
 * the same, and they move along with the database.
 */
export async function loadPushKeys(
  { VAPID_PRIVATE_KEY }: Config,
  { prisma }: Pick<Database, 'prisma'>,
): Promise<PushKeys> {
  if (VAPID_PRIVATE_KEY !== undefined) return withPublicKey(VAPID_PRIVATE_KEY);
  await prisma.serverSecret.createMany({
    data: { name: secretName, value: webPush.generateVAPIDKeys().privateKey },
    skipDuplicates: true,
  });
  const { value } = await prisma.serverSecret.findUniqueOrThrow({ where: { name: secretName } });
  return withPublicKey(value);
}

function withPublicKey(privateKey: string): PushKeys {
  const ecdh = createECDH('prime256v1');
  try {
    ecdh.setPrivateKey(privateKey, 'base64url');
  } catch {
    throw new StartError(
      'VAPID_PRIVATE_KEY is not a private key of P-256. Use the private key that `npx web-push generate-vapid-keys` prints.',
    );
  }
  return { publicKey: ecdh.getPublicKey('base64url'), privateKey };
}
