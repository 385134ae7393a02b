import { hash, verify } from '@node-rs/argon2';
import { invalid } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import { isUnicode } from '../policy/text.ts';

/** argon2id, with the passes that OWASP recommends. */
const parameters = { algorithm: 2, timeCost: 2, parallelism: 1 };

/**
 * Keyboards differ: one composes an accented letter from two characters, another sends it as one.
 */
const normalise = (password: string) => password.normalize('NFKC');

/** A password has 8 to 200 characters. Throws INVALID with the name of the field. */
export function checkPassword(password: string, field = 'password'): void {
  const length = [...normalise(password)].length;
  if (length < 8 || length > 200) throw invalid('A password has 8 to 200 characters.', field);
  if (!isUnicode(password))
    throw invalid('The password is not valid Unicode text. Type it again.', field);
}

export const hashPassword = (password: string, { passwordHashKiB }: Limits): Promise<string> =>
  hash(normalise(password), { ...parameters, memoryCost: passwordHashKiB });

/**
 * Whether the password matches the hash. Without a hash it takes as long, so that the time does not
 * reveal whether an account exists.
 */
export async function verifyPassword(
  passwordHash: string | null | undefined,
  password: string,
  limits: Limits,
): Promise<boolean> {
  if (passwordHash) return verify(passwordHash, normalise(password));
  await hashPassword(password, limits);
  return false;
}
