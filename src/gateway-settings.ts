import { z } from 'zod';
import { onOrOff } from './setting-types.ts';

/** The settings of what this server sends to other servers. */
export const gatewaySettings = {
  WEBHOOKS_ALLOW_PRIVATE: onOrOff
    .default('off')
    .describe(
      'Whether webhooks may have addresses in private networks, such as `10.0.0.0/8` or `localhost`, and `http` URLs. With `off`, whoever can create webhooks cannot reach the network behind this server.',
    ),
  PUSH_CONTENT: z
    .enum(['full', 'sender', 'none'])
    .default('full')
    .describe(
      'What a push shows: `full` the sender and the text, `sender` the sender only, `none` only that there is a notification. It also applies to the event `push.wanted`.',
    ),
  PUSH_CONTACT: z
    .string()
    .regex(/^(mailto:.+@.+|https:\/\/.+)$/, 'is not a mailto: or https: URL')
    .default('mailto:operator@example.invalid')
    .describe(
      'How push services can reach you: a `mailto:` or `https:` URL. Some services refuse pushes without a real one.',
    ),
  PUSH_ALLOW_PRIVATE: onOrOff
    .default('off')
    .describe(
      'Whether push services may have addresses in private networks, such as `10.0.0.0/8` or `localhost`, and `http` URLs. With `off`, users cannot reach the network behind this server.',
    ),
  VAPID_PRIVATE_KEY: z
    .string()
    .regex(/^[\w-]{43}$/, 'is not a private key of P-256 in base64url, with 43 characters')
    .optional()
    .describe(
      'The private key with which this server identifies itself to push services (VAPID), in base64url. Without it, the first node makes one and stores it in the database. A new key makes all push subscriptions invalid.',
    ),
} as const;
