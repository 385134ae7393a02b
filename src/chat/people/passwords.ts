import { hash, verify } from '@node-rs/argon2';
import { invalid } from '../../errors.ts';
import type { FairTurns } from '../../fair-turns.ts';
import { outsideTurn, type Scope } from '../../scope.ts';
import { isUnicode } from '../policy/text.ts';

declare module '../../scope.ts' {
  interface Services {
    readonly passwordQueue: FairTurns;
  }
}

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

/**
 * Hashes a password when it is the turn of the client's address. Throws a refusal if too many
 * passwords wait.
 */
export function hashPassword(scope: Scope, password: string): Promise<string> {
  const memoryCost = scope.node.config.limits.passwordHashKiB;
  return inQueue(scope, () => hash(normalise(password), { ...parameters, memoryCost }));
}

const inQueue = <Result>(scope: Scope, work: () => Promise<Result>): Promise<Result> =>
  outsideTurn(scope, () => scope.node.services.passwordQueue.run({ holder: scope.address }, work));

/**
 * Whether the password matches the hash. Without a hash it takes as long, so that the time does not
 * reveal whether an account exists.
 */
export async function verifyPassword(
  scope: Scope,
  passwordHash: string | null | undefined,
  password: string,
): Promise<boolean> {
  if (!passwordHash) {
    await hashPassword(scope, password);
    return false;
  }
  return inQueue(scope, () => verify(passwordHash, normalise(password)));
}
