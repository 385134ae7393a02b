import { z } from 'zod';
import { claimWithValue, list, onOrOff, secret } from './setting-types.ts';

/** The settings of tokens, accounts and roles: see `settings`. */
export const identitySettings = {
  JWT_SECRET: secret
    .optional()
    .describe(
      'The key that signs and verifies tokens (HS256), at least 32 bytes. Required with `DATABASE_URL`. Without `DATABASE_URL`, the server generates one and keeps it in the data directory.',
    ),
  JWKS_URL: z
    .url({ protocol: /^https?$/, error: 'is not an http(s) URL' })
    .optional()
    .describe(
      "The URL of your issuer's public keys (JWKS). If it is set, your issuer's tokens must be signed with one of these keys.",
    ),
  ISSUER_SECRET: secret
    .optional()
    .describe(
      'The key with which your issuer signs the tokens of its users (HS256), at least 32 bytes. If it is set, `JWT_SECRET` verifies the tokens of this server only, so your issuer need not know it. Not together with `JWKS_URL`.',
    ),
  JWT_ISSUER: z
    .string()
    .min(1)
    .optional()
    .describe("The `iss` claim that your issuer's tokens must have."),
  JWT_AUDIENCE: z
    .string()
    .min(1)
    .optional()
    .describe("The `aud` claim that your issuer's tokens must have."),
  JWT_ADMIN_CLAIM: claimWithValue
    .optional()
    .describe(
      "The claim of your issuer's tokens that makes a user an admin, with the value it must have, such as `role:ADMIN`. If the claim is an array, it must contain the value. Dots lead into objects: `realm_access.roles:chat-admin`. Use a claim that users cannot edit.",
    ),
  ADMIN_SUBJECTS: list
    .default([])
    .describe(
      "The admins among your issuer's users: a comma-separated list of `sub` claims. Other claims of their tokens do not matter.",
    ),
  SERVICE_SUBJECTS: list
    .default([])
    .describe(
      "The backends that your issuer's tokens may stand for: a comma-separated list of `sub` claims. With `JWKS_URL`, `ISSUER_SECRET` or `JWT_ISSUER`, or if this list is not empty, only tokens of these subjects can be service tokens. Tokens from `npm run service-token` are always accepted.",
    ),
  SERVICE_CALLS_PER_SECOND: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(100)
    .describe(
      'The number of calls that each backend with a service token may make in a second, on average over 10 seconds. Bursts may be twice as long. Each call may concern up to 1,000 users or rooms.',
    ),
  AUDIT_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(36_500)
    .default(365)
    .describe('The number of days for which the calls of backends are kept in the audit log.'),
  ADMIN_USERNAMES: list
    .default([])
    .describe(
      'The admins who sign in with a password: a comma-separated list of usernames. Sign up first, then restart the server with your username in this list. A listed username without an account can be signed up only on the machine that runs the server. A user whose name you remove loses the role at the next start, on all nodes.',
    ),
  SIGN_UP: onOrOff
    .optional()
    .describe(
      'Whether anyone can create an account with a password. The default is `off` with an issuer of your own (`JWKS_URL`, `ISSUER_SECRET` or `JWT_ISSUER`), otherwise `on`.',
    ),
  GUESTS: onOrOff
    .default('on')
    .describe('Whether anyone can take part as a guest, without an account.'),
} as const;
