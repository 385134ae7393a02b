import { z } from 'zod';
import { onOrOff } from './setting-types.ts';

/** The form of Standard Webhooks 1.0. */
const isWebhookSecret = (text: string): boolean => {
  const [, key = ''] = /^whsec_([A-Za-z0-9+/]+=*)$/.exec(text) ?? [];
  const bytes = Buffer.from(key, 'base64').length;
  return bytes >= 24 && bytes <= 64;
};

/** The settings of what this server sends to other servers. */
export const gatewaySettings = {
  WEBHOOKS_ALLOW_PRIVATE: onOrOff
    .default('off')
    .describe(
      'Whether webhooks may have addresses in private networks, such as `10.0.0.0/8` or `localhost`, and `http` URLs. With `off`, webhooks cannot reach the network behind this server.',
    ),
  MESSAGE_GATE_URL: z
    .url({ protocol: /^https?$/, error: 'is not an http(s) URL' })
    .optional()
    .describe(
      'The URL of your application that decides about each message of a user before it is stored or edited: it allows, rewrites or refuses it. It may be in a private network. Without it, the server decides alone.',
    ),
  MESSAGE_GATE_SECRET: z
    .string()
    .refine(isWebhookSecret, {
      error:
        'is not `whsec_` and 24 to 64 bytes in base64, e.g. from `echo "whsec_$(openssl rand -base64 32)"`',
    })
    .optional()
    .describe(
      'The secret that signs the requests to `MESSAGE_GATE_URL`, as Standard Webhooks writes it: `whsec_` and 24–64 bytes in base64. Required with `MESSAGE_GATE_URL`.',
    ),
  MESSAGE_GATE_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(50)
    .max(10_000)
    .default(1500)
    .describe('The time in ms that `MESSAGE_GATE_URL` has for the whole answer.'),
  MESSAGE_GATE_ON_FAILURE: z
    .enum(['allow', 'refuse'])
    .default('refuse')
    .describe(
      'What happens to messages if `MESSAGE_GATE_URL` does not answer: `refuse` stores nothing and asks the sender to try again, `allow` stores them unchecked. With `allow`, a user who overloads the gate can send anything.',
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
      'The address at which push services can reach you: a `mailto:` or `https:` URL. Some push services refuse pushes without a real address.',
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
      'The private key with which this server identifies itself to push services (VAPID), in base64url. Without it, the first node generates one and stores it in the database. A new key makes all push subscriptions invalid.',
    ),
} as const;
