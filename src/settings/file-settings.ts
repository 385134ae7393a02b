import { z } from 'zod';

/** The settings of files that users send: see `settings`. */
export const fileSettings = {
  ATTACHMENT_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(2_147_483_647)
    .default(100 * 1024 * 1024)
    .describe('The size in bytes of the largest file that users can send.'),
  ATTACHMENT_QUOTA_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(Number.MAX_SAFE_INTEGER)
    .default(5 * 1024 ** 3)
    .describe(
      'The maximum size in bytes of all files of a user together, sent or not. Files of deleted messages do not count.',
    ),
  S3_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'is not an http(s) URL' })
    .optional()
    .describe(
      'The address of an S3-compatible service, such as `https://s3.eu-central-1.amazonaws.com`, that stores new files instead of the directory `files` in `DATA_DIR`. Clients must be able to reach it, too. Requires `S3_BUCKET`, `S3_ACCESS_KEY_ID` and `S3_SECRET_ACCESS_KEY`.',
    ),
  S3_BUCKET: z.string().min(1).optional().describe('The bucket for files.'),
  S3_REGION: z.string().min(1).default('us-east-1').describe('The region of the bucket.'),
  S3_ACCESS_KEY_ID: z.string().min(1).optional().describe('The id of the key for the bucket.'),
  S3_SECRET_ACCESS_KEY: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The secret key for the bucket. It must permit to read, write, list and delete objects.',
    ),
  FILES_URL: z
    .url({ protocol: /^https?$/, error: 'is not an http(s) URL' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe(
      'The address under which clients reach `/files` of this server, such as `https://files.example`. With an origin of its own, files cannot touch the pages of the application, whatever they contain. Without it, the addresses of files are paths of the API.',
    ),
} as const;
