import { z } from 'zod';

/** The shortest key for HS256 (RFC 7518, section 3.2). */
export const secretMinBytes = 32;

export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);
export const secret = z.string().refine((text) => Buffer.byteLength(text) >= secretMinBytes, {
  error: `is shorter than ${secretMinBytes} bytes; use 32 random bytes or more, e.g. from \`openssl rand -base64 32\``,
});
export const onOrOff = z.enum(['on', 'off']);

/**
 * A claim and the value it must have. The value follows the last colon, because the name of a claim
 * may be a URL.
 */
export const claimWithValue = z
  .string()
  .regex(/^.+:[^:]+$/, 'is not the name of a claim and a value, such as role:ADMIN')
  .transform((text) => {
    const end = text.lastIndexOf(':');
    return { name: text.slice(0, end), value: text.slice(end + 1) };
  });

export const retentionDays = z.coerce.number().int().min(0).max(36_500).default(0);

/**
 * A text with a form of its own. The errors of `parse` complete a sentence that begins with the
 * name.
 */
export const parsed = <Value>(parse: (text: string) => Value) =>
  z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue((error as Error).message);
      return z.NEVER;
    }
  });
